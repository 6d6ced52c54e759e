#include "emulator/misbehave.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include "http/problem.hpp"

namespace memorypro::emulator {
namespace {

using kind = fault::kind;

constexpr std::chrono::milliseconds look_around_every{20};

http::reply sent_already() {
    return {.streamed = true};
}

// For the time, or until the faults are replaced, the client goes or the server stops; false: there
// is nobody to answer any more.
awaitable<bool> wait(cloud& c, http::exchange& x, std::chrono::milliseconds time) {
    const auto generation = c.faults.generation();
    const auto end = std::chrono::steady_clock::now() + time;
    timer pause(co_await asio::this_coro::executor);
    while (!c.stopping && !x.client_is_gone() && c.faults.generation() == generation) {
        const auto now = std::chrono::steady_clock::now();
        if (now >= end) break;
        pause.expires_at(std::min(end, now + look_around_every));
        co_await pause.async_wait(no_throw);
    }
    co_return !c.stopping && !x.client_is_gone();
}

std::string as_sent(const http::reply& r) {
    std::string text = fmt::format(
        "HTTP/1.1 {} As Asked\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
        r.status, r.content_type, r.body.size());
    for (const auto& [name, value] : r.headers)
        text += fmt::format("{}: {}\r\n", name, value);
    return text + "\r\n" + r.body;
}

http::reply refusal(const fault& f, unsigned status, std::string_view code,
                    std::string_view default_detail, const http::exchange& x) {
    return http::problem(status, code, f.detail.empty() ? default_detail : f.detail, x.request.id);
}

awaitable<http::reply> send_garbage(http::exchange& x) {
    co_await x.send_raw("\x01\x02 This is not HTTP. \xff\xfe\r\n\r\n");
    co_return sent_already();
}

awaitable<http::reply> send_without_end(cloud& c, http::exchange& x) {
    const std::string piece(64 << 10, ' ');
    bool reading = co_await x.begin({.streamed = true});
    if (reading) reading = co_await x.send("{\"status\":\"success\",\"memories\":[");
    while (reading && !c.stopping)
        reading = co_await x.send(piece);
    co_return hang_up(x);
}

awaitable<http::reply> drip(cloud& c, fault f, http::exchange& x, std::string text) {
    bool reading = true;
    for (std::size_t i = 0; i < text.size() && reading; ++i) {
        reading = co_await x.send_raw(std::string_view(text).substr(i, 1));
        reading = reading && co_await wait(c, x, f.delay);
    }
    co_return sent_already();
}

}  // namespace

http::reply hang_up(http::exchange& x) {
    x.cut();
    return sent_already();
}

awaitable<std::optional<http::reply>> instead_of_work(cloud& c, fault f, http::exchange& x) {
    switch (f.what) {
        case kind::down:
            co_return hang_up(x);
        case kind::hang: {
            const bool to_be_done = co_await wait(c, x, std::chrono::hours(24 * 365));
            if (to_be_done) co_return std::nullopt;
            co_return hang_up(x);
        }
        case kind::unauthorized:
            co_return refusal(f, 401, "unauthorized", "the credentials are not accepted", x);
        case kind::forbidden:
            co_return refusal(f, 403, "forbidden", "the account may not do this", x);
        case kind::reject:
            co_return refusal(f, 422, "rejected", "the content is not acceptable", x);
        case kind::rate_limit: {
            auto reply = refusal(f, 429, "rate_limited", "too many requests", x);
            reply.headers.emplace_back("Retry-After", std::to_string(f.retry_after.count()));
            co_return reply;
        }
        case kind::error:
            co_return refusal(f, f.status, "emulated_error", "the cloud has a problem", x);
        case kind::garbage:
            co_return co_await send_garbage(x);
        case kind::not_json:
            co_return http::reply{.body = "<!DOCTYPE html><title>Maintenance</title>\n",
                                  .content_type = "text/html"};
        case kind::oversized:
            co_return co_await send_without_end(c, x);
        case kind::slow:
        case kind::drip:
        case kind::reset_after_accept:
        case kind::truncated:
            break;
    }
    co_return std::nullopt;
}

awaitable<http::reply> deliver(cloud& c, fault f, http::exchange& x, http::reply done) {
    if (f.what == kind::reset_after_accept) co_return hang_up(x);
    if (f.what == kind::slow && !co_await wait(c, x, f.delay)) co_return hang_up(x);
    if (f.what == kind::drip) co_return co_await drip(c, f, x, as_sent(done));
    if (f.what == kind::truncated) {
        const std::string text = as_sent(done);
        co_await x.send_raw(std::string_view(text).substr(0, text.size() - done.body.size() / 2));
        co_return sent_already();
    }
    co_return done;
}

}  // namespace memorypro::emulator
