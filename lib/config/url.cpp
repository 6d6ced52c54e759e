#include "config/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "config/parse.hpp"

namespace memorypro::config {
namespace {

bool is_address(int family, const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> parsed{};
    return inet_pton(family, host.c_str(), parsed.data()) == 1;
}

bool is_host_name(std::string_view host) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-._";
    return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
           host.find("..") == std::string_view::npos &&
           lower(host).find_first_not_of(allowed) == std::string::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, port);
    if (failure != std::errc{} || stop != end || port == 0) return std::nullopt;
    return port;
}

// RFC 3986, "authority" without user information: name, 1.2.3.4 or [v6], and perhaps :port.
bool split_authority(std::string_view authority, url_parts& parts) {
    const bool v6 = authority.starts_with('[');
    const std::size_t end = v6 ? authority.find(']') : authority.find(':');
    if (v6 && end == std::string_view::npos) return false;
    parts.host = authority.substr(v6 ? 1 : 0, v6 ? end - 1 : end);
    if (!(v6 ? is_address(AF_INET6, parts.host) : is_host_name(parts.host))) return false;

    const std::size_t after_host = v6 ? end + 1 : std::min(end, authority.size());
    const std::string_view rest = authority.substr(after_host);
    if (rest.empty()) return true;
    const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
    if (port) parts.port = *port;
    return port.has_value();
}

}  // namespace

result<url_parts> parse_url(std::string_view text) {
    const std::size_t scheme_end = text.find("://");
    const std::string scheme = lower(text.substr(0, std::min(scheme_end, text.size())));
    // What stands before an @ may be a password: such a text is not quoted.
    if (text.find('@') != std::string_view::npos)
        return error{errc::invalid_field, "must be a URL without user name, password and @"};
    if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https"))
        return invalid("must begin with https:// or http://", text);
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!printable || text.find_first_of("\"<>\\^`{|}") != std::string_view::npos)
        return invalid("must not have spaces or unescaped characters", text);
    if (text.find('#') != std::string_view::npos) return invalid("must not have a fragment", text);

    const std::string_view rest = text.substr(scheme_end + 3);
    const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
    url_parts parts;
    parts.tls = scheme == "https";
    parts.port = parts.tls ? 443 : 80;
    if (!split_authority(rest.substr(0, authority_end), parts))
        return invalid("must have a host, and a port of 1 to 65535 if any", text);
    parts.target = rest.substr(authority_end);
    if (!parts.target.starts_with('/')) parts.target.insert(0, 1, '/');
    return parts;
}

result<std::string> parse_base_url(std::string_view text) {
    const auto parts = parse_url(text);
    if (!parts) return parts.error();
    if (text.find('?') != std::string_view::npos) return invalid("must not have a query", text);
    if (!parts->tls && !is_loopback(parts->host))
        return invalid("must be https; plain http is for loopback hosts", text);
    while (text.ends_with('/'))
        text.remove_suffix(1);
    return std::string(text);
}

bool is_loopback(std::string_view host) {
    const std::string name = lower(host);
    if (name == "localhost" || name == "::1") return true;
    return name.starts_with("127.") && is_address(AF_INET, name);
}

}  // namespace memorypro::config
