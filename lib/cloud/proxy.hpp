// The proxy that the environment names, as curl understands it: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "config/url.hpp"

namespace memorypro::cloud {

// An HTTP proxy that CONNECT is asked of.
struct proxy {
    std::string host;  // IPv6 without brackets
    std::uint16_t port = 0;
    std::string credentials = {};  // "user:password", a secret; empty: none
};

// What https_proxy or HTTPS_PROXY name, unless no_proxy or NO_PROXY except the server; the lower
// case wins. nullopt: a direct connection, as always for plain HTTP and loopback hosts. The error
// never quotes a value.
result<std::optional<proxy>> proxy_for(const config::url_parts& server,
                                       const config::values& environment);

// Whether a list like "localhost, .example.com, 10.0.0.0/8, [::1]:8443" names the server; "*" names
// all. A domain names the hosts below it too, with or without the dot before it.
bool is_excepted(std::string_view no_proxy, std::string_view host, std::uint16_t port);

}  // namespace memorypro::cloud
