// Listens, and serves every connection on the event loop.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <list>

#include "base/async.hpp"
#include "http/connection.hpp"
#include "http/listener.hpp"
#include "http/session.hpp"

namespace memorypro::http {

class server {
public:
    // The router must outlive the server. The sweep that enforces deadlines runs every `sweep`.
    server(executor, const router&, limits,
           std::chrono::milliseconds sweep = std::chrono::seconds(1));

    // Accepts on the listener until stop(), with `tls` under TLS. Returns at once; every service
    // runs on the loop.
    void listen(http::listener, tls_context tls = nullptr);

    // In place of the former, for connections that come from now on to what listens under TLS.
    void replace_tls(const tls_context&);

    // Accepts no more, closes connections between two requests, lets requests in flight be
    // answered, and the first one of a client that has just come: it connected to somebody who
    // listened.
    void stop();

    // Completes when all has ended: no connection is left; those that are there after `patience`
    // are cut off.
    awaitable<> drained(std::chrono::milliseconds patience);

    std::size_t connections() const { return connections_.size(); }

    // Nothing listens or is connected; after a stop() it stays so.
    bool ended() const { return connections_.empty() && entrances_.empty(); }

private:
    using acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, executor>;

    struct entrance {
        server::acceptor acceptor;
        std::optional<http::listener> listener;  // its path goes before the acceptor closes
        tls_context tls;
    };

    awaitable<> accept_from(std::list<entrance>::iterator);
    awaitable<> run_session(std::list<connection>::iterator);
    awaitable<> sweep();
    void tell_if_ended();
    bool make_room();  // false: nobody can be asked to
    void refuse(stream_socket, bool expects_tls);
    void warn_of_crowd(std::string_view what_is_done);

    static constexpr std::chrono::seconds crowds_logged_every{10};

    executor executor_;
    limits limits_;
    body_budget budget_;
    bool stopping_ = false;
    session_context context_;
    std::list<entrance> entrances_;  // each goes with the end of its accept loop
    std::list<connection> connections_;
    std::chrono::milliseconds sweep_every_;
    timer sweep_timer_;
    std::chrono::steady_clock::time_point next_crowd_logged_;
    timer drained_;  // never expires; cancelled when all has ended
};

}  // namespace memorypro::http
