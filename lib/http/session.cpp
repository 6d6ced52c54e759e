#include "http/session.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "http/problem.hpp"

namespace memorypro::http {
namespace {

// RFC 9110 leaves a missing Content-Type to us; a type that is given must be the right one.
bool is_json(std::string_view content_type) {
    const auto type = media_type(content_type);
    return type.empty() || type == "application/json" || type.ends_with("+json");
}

void log_request(session_context& context, const request& in, unsigned status, bool mutates) {
    if (!mutates && status < 400) return;
    if (!in.peer.local) {
        if (!context.refusals.take(std::chrono::steady_clock::now())) return;
        if (const auto more = context.refusals.withheld(); more > 0)
            spdlog::warn("{} more requests were refused", more);
    }
    const auto method = boost::beast::http::to_string(in.method);
    const std::string_view verb_name(method.data(), method.size());
    if (in.peer.local) {
        spdlog::info("{} {} {} uid={} pid={} request_id={}", verb_name, in.path, status,
                     in.peer.uid, in.peer.pid, in.id);
    } else {
        spdlog::info("{} {} {} request_id={}", verb_name, in.path, status, in.id);
    }
}

awaitable<result<reply>> call(const route& target, exchange& x) try {
    if (target.body != body_kind::stream)
        if (const auto read = co_await x.read_body(); !read) co_return read.error();
    co_return co_await target.handle(x);
} catch (const failed& expected) {
    co_return expected.why();
} catch (const std::exception& failure) {
    spdlog::error("request_id={}: {}", x.request.id, failure.what());
    co_return error{errc::internal, "an internal error; the log has its details"};
}

awaitable<reply> answer(exchange& x, const match& found) {
    const auto& id = x.request.id;
    if (!found.found && found.allow.empty())
        co_return problem({errc::not_found, "there is no such path"}, id);
    if (!found.found) {
        auto refused = problem(405, "method_not_allowed", "the path answers to " + found.allow, id);
        refused.headers.emplace_back("Allow", found.allow);
        co_return refused;
    }
    if (found.found->body == body_kind::json && !is_json(x.request.header("Content-Type")))
        co_return problem(
            {errc::unsupported, "send JSON, with the header Content-Type: application/json"}, id);
    auto outcome = co_await call(*found.found, x);
    co_return outcome ? std::move(*outcome) : problem(outcome.error(), id);
}

// A request that could not be read as HTTP.
reply refusal(exchange::head_state state, std::string_view id) {
    if (state == exchange::head_state::too_large)
        return problem(431, "headers_too_large", "the request's headers are too large", id);
    return problem({errc::bad_request, "this is not an HTTP/1.1 request"}, id);
}

}  // namespace

awaitable<> serve(connection& client, session_context& context) {
    client.expire_in(context.limits.request);
    client.idle = true;
    bool open = co_await client.handshake();
    client.idle = false;
    while (open) {
        // Its last answer has not told it that there would be no other.
        if (context.stopping && client.answered) client.take_no_more();
        exchange x(client, context.limits, context.budget);
        const auto state = co_await x.read_head();
        if (state == exchange::head_state::closed) break;
        x.request.id = fmt::format("{}-{}", context.id_prefix, ++context.requests);

        reply out;
        bool mutates = false;
        if (state == exchange::head_state::complete) {
            auto found = context.router.find(x.request.method, x.request.path);
            x.request.captures = std::move(found.captures);
            mutates = found.found && found.found->mutates;
            out = co_await answer(x, found);
        } else {
            out = refusal(state, x.request.id);
        }
        if (!x.hold_answer(out.body.size()))
            out = problem({errc::overloaded, "too many large answers at once; try again"},
                          x.request.id);
        const bool refused = out.status >= 400;
        client.proven = client.proven || !refused;
        if (context.stopping || (refused && context.limits.ends_at_refusal)) x.close_after();
        const bool sent = co_await x.finish(out);
        client.answered = true;
        log_request(context, x.request, out.status, mutates);
        open = sent && x.keep_alive() && !x.closes_after();
        if (!sent || open) continue;
        if (x.keep_alive())
            co_await client.end();
        else
            co_await client.linger();
    }
    client.close();
}

}  // namespace memorypro::http
