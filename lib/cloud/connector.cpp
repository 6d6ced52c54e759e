#include "cloud/connector.hpp"

#include <fmt/format.h>

#include "cloud/happy_eyeballs.hpp"
#include "cloud/tunnel.hpp"

namespace memorypro::cloud {

using reason = no_answer::reason;

std::string authority_of(const config::url_parts& server) {
    const bool is_v6 = server.host.find(':') != std::string::npos;
    return is_v6 ? fmt::format("[{}]:{}", server.host, server.port)
                 : fmt::format("{}:{}", server.host, server.port);
}

connector::connector(executor loop, const connector_options& options, std::size_t most_buffered)
    : executor_(loop),
      authority_(authority_of(options.server)),
      proxy_(options.server.tls ? options.proxy : std::nullopt),
      stagger_(options.stagger),
      most_buffered_(most_buffered),
      resolver_(loop, options.lookup, proxy_ ? proxy_->host : options.server.host,
                proxy_ ? proxy_->port : options.server.port) {
    if (options.server.tls) tls_.emplace(options.server.host, options.ca_file);
}

awaitable<connector::connected> connector::connect(call_scope& scope) {
    const auto found = co_await resolver_.resolve(scope);
    if (scope.ended()) co_return scope.failure(false);
    if (!found) co_return no_answer{reason::not_connected, found.error().detail};

    auto socket = co_await connect_first(executor_, interleave(*found), stagger_, scope);
    if (scope.ended()) co_return scope.failure(false);
    if (!socket)
        co_return no_answer{reason::not_connected,
                            fmt::format("cannot connect to {}{}", proxy_ ? "the proxy " : "",
                                        socket.error().detail)};

    auto made = std::make_unique<connection>(std::move(*socket), most_buffered_);
    std::optional<no_answer> failure;
    if (proxy_) failure = co_await tunnel(*made, scope);
    if (!failure && tls_) failure = co_await secure(*made, scope);
    if (failure) co_return std::move(*failure);
    co_return made;
}

awaitable<std::optional<no_answer>> connector::tunnel(connection& over, call_scope& scope) {
    const call_scope::step step(scope, "asking the proxy", [&] { over.close(); });
    auto failure = co_await open_tunnel(over, *proxy_, authority_);
    if (scope.ended()) co_return scope.failure(false);
    if (failure) co_return no_answer{reason::not_connected, std::move(*failure)};
    co_return std::nullopt;
}

awaitable<std::optional<no_answer>> connector::secure(connection& over, call_scope& scope) {
    const call_scope::step step(scope, "the TLS handshake", [&] { over.close(); });
    const auto failure = co_await over.start_tls(*tls_);
    if (scope.ended()) co_return scope.failure(false);
    if (failure) co_return no_answer{reason::tls, tls_->describe_failure(over.tls(), failure)};
    co_return std::nullopt;
}

}  // namespace memorypro::cloud
