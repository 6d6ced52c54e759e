#include "cloud/http1.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <iterator>
#include <optional>
#include <stdexcept>

namespace memorypro::cloud {
namespace {

namespace http = boost::beast::http;
using parser = http::response_parser<http::string_body>;
using reason = no_answer::reason;

constexpr std::size_t framing_bytes = 16 * 1024;

std::string field(const parser& from, http::field name) {
    const auto value = from.get()[name];
    return {value.data(), value.size()};
}

answer to_answer(parser& from) {
    answer made{.status = from.get().result_int(),
                .retry_after = field(from, http::field::retry_after),
                .etag = field(from, http::field::etag)};
    made.body = std::move(from.get().body());
    return made;
}

// Takes what is buffered. No failure and not done: more must come.
error_code take(parser& into, boost::beast::flat_buffer& buffer) {
    error_code failure;
    std::size_t used = 1;
    while (buffer.size() > 0 && used > 0 && !failure && !into.is_done()) {
        used = into.put(buffer.data(), failure);
        buffer.consume(used);
        if (failure == http::error::need_more) failure = {};
    }
    return failure;
}

awaitable<error_code> read_message(connection& from, parser& into, bool& heard) {
    error_code failure = take(into, from.buffer());
    while (!failure && !into.is_done()) {
        failure = co_await from.fill();
        if (!failure) {
            heard = true;
            failure = take(into, from.buffer());
        } else if (failure == asio::error::eof && into.got_some()) {
            into.put_eof(failure = {});
        }
    }
    co_return failure;
}

// Skips interim answers (RFC 9110, 15.2).
awaitable<error_code> read_answer(connection& from, std::optional<parser>& into,
                                  answer_limits limits, bool& heard) {
    while (true) {
        into.emplace();
        into->eager(true);
        into->header_limit(static_cast<std::uint32_t>(limits.header_bytes));
        into->body_limit(limits.body_bytes);
        const auto failure = co_await read_message(from, *into, heard);
        const auto status = into->get().result_int();
        if (failure || status >= 200) co_return failure;
        if (status == 101) co_return http::error::bad_status;  // nobody asked to switch
    }
}

no_answer explain(const error_code& failure, const answer_limits& limits, bool heard) {
    if (failure == http::error::body_limit)
        return {reason::too_large,
                fmt::format("the answer is larger than {} bytes", limits.body_bytes), true};
    if (failure == http::error::header_limit || failure == asio::error::no_buffer_space)
        return {reason::too_large,
                fmt::format("the answer's headers are larger than {} bytes", limits.header_bytes),
                true};
    const bool of_http = failure.category() == make_error_code(http::error::need_more).category();
    if (of_http && failure != http::error::partial_message)
        return {reason::malformed, "the answer is not HTTP: " + failure.message(), true};
    if (!heard)
        return {reason::broken, "the connection ended before an answer: " + failure.message(),
                true};
    return {reason::broken, "the connection ended within the answer: " + failure.message(), true};
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

// What would be read as another header or request.
void check(std::string_view name, std::string_view value) {
    if (has_control_character(value))
        throw std::invalid_argument(fmt::format("{} has a control character", name));
}

}  // namespace

std::size_t buffer_needed(const answer_limits& limits) {
    return limits.header_bytes + framing_bytes;
}

std::string request_text(const request& from, std::string_view authority) {
    check("the request's target", from.target);
    for (const auto& [name, value] : from.headers)
        check(name, value);

    std::string text;
    std::size_t size = 128 + from.target.size() + authority.size() + from.body.size();
    for (const auto& [name, value] : from.headers)
        size += name.size() + value.size() + 4;
    text.reserve(size);

    auto out = std::back_inserter(text);
    fmt::format_to(out, "{} {} HTTP/1.1\r\nHost: {}\r\n", from.method, from.target, authority);
    for (const auto& [name, value] : from.headers)
        fmt::format_to(out, "{}: {}\r\n", name, value);
    if (!from.body.empty() || from.method != "GET")
        fmt::format_to(out, "Content-Length: {}\r\n", from.body.size());
    text += "\r\n";
    text += from.body;
    return text;
}

awaitable<exchanged> exchange_on(connection& over, std::string_view text, answer_limits limits,
                                 call_scope& scope) {
    bool heard = false;
    std::optional<parser> read;
    error_code not_written, failure;
    {
        const call_scope::step step(scope, "sending the request", [&] { over.close(); });
        not_written = co_await over.write(text);
    }
    if (!scope.ended()) {
        // Also after a failed write: a server may refuse a body before it has come whole.
        const call_scope::step step(scope, "waiting for the answer", [&] { over.close(); });
        failure = co_await read_answer(over, read, limits, heard);
    }
    if (read && read->is_done() && !failure) {
        const bool reusable =
            !not_written && !scope.ended() && read->keep_alive() && over.buffer().size() == 0;
        co_return exchanged{to_answer(*read), heard, reusable};
    }
    if (scope.ended()) co_return exchanged{scope.failure(true), heard};
    auto why = explain(not_written && !heard ? not_written : failure, limits, heard);
    if (read && failure == http::error::body_limit) why.answered = read->get().result_int();
    co_return exchanged{std::move(why), heard};
}

}  // namespace memorypro::cloud
