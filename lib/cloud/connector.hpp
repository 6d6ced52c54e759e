// Makes connections to the one server: addresses, TCP, proxy, TLS.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cloud/call_scope.hpp"
#include "cloud/connection.hpp"
#include "cloud/proxy.hpp"
#include "cloud/resolver.hpp"
#include "config/url.hpp"

namespace memorypro::cloud {

struct connector_options {
    config::url_parts server;  // scheme, host and port of it
    std::string ca_file = {};  // PEM; empty: the system's certificates
    std::optional<cloud::proxy> proxy = {};
    std::chrono::milliseconds stagger{250};  // between two addresses (RFC 8305, 5)
    lookup_function lookup = system_lookup;
};

class connector {
public:
    using connected = boost::system::result<std::unique_ptr<connection>, no_answer>;

    // Throws std::runtime_error when the CA file cannot be used. Connections buffer up to
    // `most_buffered` bytes.
    connector(executor, const connector_options&, std::size_t most_buffered);

    // A connection that is ready for a request. The failure's `sent` is false.
    awaitable<connected> connect(call_scope&);

    void stop() { resolver_.stop(); }

private:
    awaitable<std::optional<no_answer>> tunnel(connection&, call_scope&);
    awaitable<std::optional<no_answer>> secure(connection&, call_scope&);

    executor executor_;
    std::string authority_;  // of the server, for a proxy
    std::optional<cloud::proxy> proxy_;
    std::chrono::milliseconds stagger_;
    std::size_t most_buffered_;
    resolver resolver_;
    std::optional<tls_context> tls_;
};

// "host:port", with brackets around an IPv6 address.
std::string authority_of(const config::url_parts&);

}  // namespace memorypro::cloud
