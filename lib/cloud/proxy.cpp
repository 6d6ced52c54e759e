#include "cloud/proxy.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

namespace memorypro::cloud {
namespace {

struct setting {
    std::string_view name;
    std::string value;  // empty: not set
};

setting find(const config::values& environment, std::string_view lower, std::string_view upper) {
    for (const auto name : {lower, upper})
        if (const auto found = environment.find(name);
            found != environment.end() && !found->second.empty())
            return {name, found->second};
    return {upper, ""};
}

error invalid(const setting& from, std::string_view must) {
    return {errc::invalid_field, fmt::format("{} {}", from.name, must)};
}

// Boost.URL's own port_number() takes 99999 for 34463.
std::optional<std::uint16_t> to_port(std::string_view digits) {
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failure != std::errc{} || end != digits.data() + digits.size() || port == 0)
        return std::nullopt;
    return port;
}

result<std::optional<proxy>> parse_proxy(const setting& from) {
    constexpr std::string_view shape = "must be http://[user:password@]host[:port]";
    const bool has_scheme = from.value.find("://") != std::string::npos;
    const std::string text = has_scheme ? from.value : "http://" + from.value;
    const auto url = boost::urls::parse_uri(text);
    if (!url || url->host_address().empty()) return invalid(from, shape);
    if (url->scheme_id() != boost::urls::scheme::http)
        return invalid(from, "must begin with http://: other kinds of proxies are not supported");
    const auto port = url->has_port() ? to_port(url->port()) : 80;
    if (!port) return invalid(from, shape);

    proxy made{.host = url->host_address(), .port = *port};
    if (url->has_userinfo()) made.credentials = url->user() + ":" + url->password();
    return std::optional(std::move(made));
}

}  // namespace

result<std::optional<proxy>> proxy_for(const config::url_parts& server,
                                       const config::values& environment) {
    const auto from = find(environment, "https_proxy", "HTTPS_PROXY");
    if (!server.tls || from.value.empty() || config::is_loopback(server.host)) return std::nullopt;
    const auto exceptions = find(environment, "no_proxy", "NO_PROXY");
    if (is_excepted(exceptions.value, server.host, server.port)) return std::nullopt;
    return parse_proxy(from);
}

}  // namespace memorypro::cloud
