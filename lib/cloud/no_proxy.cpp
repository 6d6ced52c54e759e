#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>

#include "base/async.hpp"
#include "cloud/proxy.hpp"
#include "config/parse.hpp"

namespace memorypro::cloud {
namespace {

namespace ip = asio::ip;

std::optional<ip::address> to_address(std::string_view text) {
    boost::system::error_code failure;
    const auto address = ip::make_address(text, failure);
    return failure ? std::nullopt : std::optional(address);
}

bool in_network(const ip::address& host, std::string_view network) {
    boost::system::error_code failure;
    if (host.is_v4()) {
        const auto wanted = ip::make_network_v4(network, failure);
        return !failure && ip::network_v4(host.to_v4(), wanted.prefix_length()).canonical() ==
                               wanted.canonical();
    }
    const auto wanted = ip::make_network_v6(network, failure);
    return !failure &&
           ip::network_v6(host.to_v6(), wanted.prefix_length()).canonical() == wanted.canonical();
}

// Lower case, without the dot of a fully qualified name.
std::string plain_name(std::string_view name) {
    std::string plain = config::lower(name);
    if (plain.ends_with('.')) plain.pop_back();
    return plain;
}

bool in_domain(std::string_view host, std::string_view domain) {
    if (domain.starts_with("*.")) domain.remove_prefix(1);
    if (domain.starts_with('.')) domain.remove_prefix(1);
    const auto name = plain_name(host), suffix = plain_name(domain);
    if (suffix.empty() || !name.ends_with(suffix)) return false;
    return name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '.';
}

// Takes ":port" or the brackets of "[v6]" and "[v6]:port" off; false: another port is meant.
bool take_port(std::string_view& entry, std::uint16_t port) {
    std::string_view given;
    if (entry.starts_with('[')) {
        const auto end = entry.find(']');
        if (end == std::string_view::npos) return false;
        given = entry.substr(end + 1);
        entry = entry.substr(1, end - 1);
    } else if (std::count(entry.begin(), entry.end(), ':') == 1) {
        given = entry.substr(entry.find(':'));
        entry = entry.substr(0, entry.find(':'));
    }
    return given.empty() || given == ":" + std::to_string(port);
}

bool names(std::string_view entry, std::string_view host, std::uint16_t port) {
    if (entry == "*") return true;
    if (!take_port(entry, port)) return false;
    const auto address = to_address(host);
    if (!address) return in_domain(host, entry);
    return entry.find('/') == std::string_view::npos ? to_address(entry) == address
                                                     : in_network(*address, entry);
}

}  // namespace

bool is_excepted(std::string_view no_proxy, std::string_view host, std::uint16_t port) {
    constexpr std::string_view separators = ", \t";
    while (true) {
        no_proxy.remove_prefix(std::min(no_proxy.find_first_not_of(separators), no_proxy.size()));
        if (no_proxy.empty()) return false;
        const auto entry = no_proxy.substr(0, no_proxy.find_first_of(separators));
        if (names(entry, host, port)) return true;
        no_proxy.remove_prefix(entry.size());
    }
}

}  // namespace memorypro::cloud
