// The part of RFC 3986 that an HTTP client needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace memorypro::config {

struct url_parts {
    bool tls = false;  // https
    std::string host;  // IPv6 without brackets
    std::uint16_t port = 0;
    std::string target;  // path and query; begins with a slash
};

// http or https, with a host; no user name or password, no fragment, nothing that would need
// escaping in a request line.
result<url_parts> parse_url(std::string_view);

// Something to append "/api/v1/…" to: no query, slashes at the end removed, https unless the host
// is loopback.
result<std::string> parse_base_url(std::string_view);

// localhost, 127.0.0.0/8, ::1.
bool is_loopback(std::string_view host);

}  // namespace memorypro::config
