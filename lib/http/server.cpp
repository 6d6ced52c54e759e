#include "http/server.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <boost/asio/buffer.hpp>
#include <iterator>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "http/problem.hpp"

namespace memorypro::http {
namespace {

constexpr std::chrono::milliseconds pause_after_failure{100};

std::string random_prefix() {
    std::uint32_t value = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&value), sizeof value);
    return fmt::format("{:08x}", value);
}

}  // namespace

server::server(executor loop, const router& routes, limits l, std::chrono::milliseconds sweep_every)
    : executor_(std::move(loop)),
      limits_(l),
      budget_(limits_.all_bodies_bytes),
      context_{.router = routes,
               .limits = limits_,
               .budget = budget_,
               .stopping = stopping_,
               .id_prefix = random_prefix()},
      sweep_every_(sweep_every),
      sweep_timer_(executor_),
      drained_(executor_, std::chrono::steady_clock::time_point::max()) {}

void server::listen(http::listener from, tls_context tls) {
    const bool first = entrances_.empty();
    acceptor a(executor_);
    a.assign(asio::generic::stream_protocol(from.family(), 0), from.release());
    entrances_.push_back({std::move(a), std::move(from), std::move(tls)});
    spawn(executor_, "an accept loop", accept_from(std::prev(entrances_.end())));
    if (first) spawn(executor_, "the sweep of connections", sweep());
}

void server::replace_tls(const tls_context& tls) {
    for (auto& one : entrances_)
        if (one.tls) one.tls = tls;
}

awaitable<> server::accept_from(std::list<entrance>::iterator from) {
    while (from->acceptor.is_open()) {
        auto [failure, socket] = co_await from->acceptor.async_accept(no_throw);
        if (failure) {
            if (stopping_) break;
            spdlog::warn("cannot accept a connection: {}", failure.message());
            timer pause(executor_, pause_after_failure);
            co_await pause.async_wait(no_throw);
        } else if (connections_.size() >= limits_.connections && !make_room()) {
            refuse(std::move(socket), from->tls != nullptr);
        } else {
            connections_.emplace_front(std::move(socket), from->tls);
            spawn(executor_, "a session", run_session(connections_.begin()));
        }
    }
    entrances_.erase(from);
    tell_if_ended();
}

void server::tell_if_ended() {
    if (!ended()) return;
    drained_.cancel();
    if (stopping_) sweep_timer_.cancel();
}

void server::warn_of_crowd(std::string_view what_is_done) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_crowd_logged_) return;
    next_crowd_logged_ = now + crowds_logged_every;
    spdlog::warn("{}: there are {} already", what_is_done, connections_.size());
}

// First whoever is between two requests, then whoever has never had a good answer, of those whoever
// lets us wait the longest. A client that has just come is left alone, else a burst of good ones
// would cut each other off.
bool server::make_room() {
    if (!limits_.yields_after) return false;
    const auto before = std::chrono::steady_clock::now() - *limits_.yields_after;
    connection* slowest = nullptr;
    const auto rank = [](const connection& c) {
        return std::tuple(!c.idle, c.proven, *c.waiting_since());
    };
    for (auto& client : connections_) {
        const auto since = client.waiting_since();
        if (!since || *since > before) continue;
        if (!slowest || rank(client) < rank(*slowest)) slowest = &client;
    }
    if (!slowest) return false;
    warn_of_crowd("closing connections that keep us waiting");
    slowest->close();
    return true;
}

void server::refuse(stream_socket socket, bool expects_tls) {
    warn_of_crowd("refusing connections");
    if (expects_tls) return;  // it would take a handshake to say so
    const auto answer = problem({errc::overloaded, "too many connections; try again"}, "");
    const std::string text = fmt::format(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
        "Retry-After: 1\r\nConnection: close\r\n\r\n{}",
        answer.content_type, answer.body.size(), answer.body);
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text), ignored);
}

awaitable<> server::run_session(std::list<connection>::iterator client) {
    try {
        co_await serve(*client, context_);
    } catch (const std::exception& failure) {
        spdlog::error("a connection was given up: {}", failure.what());
    }
    connections_.erase(client);
    tell_if_ended();
}

awaitable<> server::sweep() {
    while (!stopping_ || !ended()) {
        sweep_timer_.expires_after(sweep_every_);
        co_await sweep_timer_.async_wait(no_throw);
        const auto now = std::chrono::steady_clock::now();
        for (auto& client : connections_) {
            client.cut_off_if_late(now);
            if (!stopping_ || !client.idle) continue;
            if (const auto since = client.waiting_since();
                since && now - *since > limits_.first_request)
                client.close();
        }
    }
}

void server::stop() {
    stopping_ = true;
    for (auto& one : entrances_) {
        one.listener.reset();
        boost::system::error_code ignored;
        one.acceptor.close(ignored);
    }
    for (auto& client : connections_)
        if (client.idle && client.answered) client.take_no_more();
    sweep_timer_.cancel();
}

awaitable<> server::drained(std::chrono::milliseconds patience) {
    drained_.expires_after(patience);
    if (!ended()) co_await drained_.async_wait(no_throw);
    if (ended()) co_return;
    spdlog::warn("cutting off {} connections that did not end", connections_.size());
    for (auto& client : connections_)
        client.close();
    drained_.expires_at(std::chrono::steady_clock::time_point::max());
    if (!ended()) co_await drained_.async_wait(no_throw);
}

}  // namespace memorypro::http
