#include "emulator/contract.hpp"

#include "emulator/misbehave.hpp"
#include "http/problem.hpp"

namespace memorypro::emulator {
namespace {

bool is_authorized(const cloud& c, const http::request& r) {
    return c.account && r.header("Authorization") == "Bearer " + c.account->api_key &&
           r.header("X-API-Secret") == c.account->api_secret;
}

bool is_json(const http::request& r) {
    return http::media_type(r.header("Content-Type")) == "application/json";
}

awaitable<http::reply> do_work(cloud& c, work handle, http::exchange& x) {
    if (!is_authorized(c, x.request))
        co_return http::problem(401, "unauthorized",
                                "Authorization and X-API-Secret are not those of an account",
                                x.request.id);
    if (x.request.method == http::verb::post && !is_json(x.request))
        co_return http::problem({errc::unsupported, "Content-Type must be application/json"},
                                x.request.id);
    auto done = co_await handle(c, x);
    co_return done ? std::move(*done) : http::problem(done.error(), x.request.id);
}

}  // namespace

awaitable<answer> serve_call(cloud& c, std::string_view call, work handle, http::exchange& x) {
    ++c.requests[call];
    if (c.faults.meet_head(call)) co_return hang_up(x);
    if (const auto read = co_await x.read_body(); !read) co_return read.error();
    const auto met = c.faults.meet(call, x.body);
    if (met)
        if (auto instead = co_await instead_of_work(c, *met, x)) co_return std::move(*instead);
    auto done = co_await do_work(c, handle, x);
    if (met) co_return co_await deliver(c, *met, x, std::move(done));
    co_return done;
}

}  // namespace memorypro::emulator
