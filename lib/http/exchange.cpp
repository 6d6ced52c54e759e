#include "http/exchange.hpp"

#include <fmt/format.h>

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

namespace memorypro::http {

namespace beast = boost::beast;

bool body_budget::take(std::size_t bytes) {
    if (bytes > limit_ - used_) return false;
    used_ += bytes;
    return true;
}

exchange::exchange(connection& c, const limits& l, body_budget& budget)
    : connection_(c), limits_(l), budget_(budget) {
    parser_.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
    parser_.body_limit(boost::none);  // bounded by read_body, or taken in pieces
}

exchange::~exchange() {
    budget_.give_back(taken_);
}

awaitable<exchange::head_state> exchange::read_head() {
    auto& buffer = connection_.buffer();
    if (buffer.size() == 0) {
        connection_.expire_in(limits_.idle);
        connection_.idle = true;
        const bool more = co_await connection_.fill(0);
        connection_.idle = false;
        if (!more) co_return head_state::closed;
    }
    connection_.expire_in(limits_.request);
    while (true) {
        boost::system::error_code failure;
        buffer.consume(parser_.put(buffer.data(), failure));
        if (parser_.is_header_done()) break;
        if (failure == beast::http::error::header_limit) co_return head_state::too_large;
        if (failure && failure != beast::http::error::need_more) co_return head_state::malformed;
        if (!co_await connection_.fill(0)) co_return head_state::closed;
    }
    auto& head = parser_.get();
    request.method = head.method();
    std::string_view target(head.target().data(), head.target().size());
    // RFC 9112, 3.2.2: the absolute form is to be accepted too.
    if (const auto authority = target.find("://"); target.starts_with("http") && authority < 6)
        target.remove_prefix(std::min(target.find_first_of("/?", authority + 3), target.size()));
    const auto mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    request.peer = connection_.peer();
    request.headers = std::move(head.base());
    parser_.eager(true);
    co_return head_state::complete;
}

awaitable<result<void>> exchange::read_body() {
    const error too_large{errc::too_large,
                          fmt::format("the body is over {} bytes", limits_.body_bytes)};
    if (parser_.content_length() && *parser_.content_length() > limits_.body_bytes)
        co_return too_large;
    auto& text = parser_.get().body();
    // Address space only: memory is taken, and counted, as the bytes come.
    if (parser_.content_length()) text.reserve(static_cast<std::size_t>(*parser_.content_length()));
    while (!parser_.is_done()) {
        if (const auto more = co_await read_more_body(); !more) co_return more.error();
        if (text.size() > limits_.body_bytes) co_return too_large;
        if (text.size() > taken_ && !hold(text.size() - taken_))
            co_return error{errc::overloaded, "too many large requests at once; try again"};
    }
    body = std::move(text);
    connection_.never_expire();
    co_return result<void>();
}

bool exchange::hold(std::size_t bytes) {
    if (!budget_.take(bytes)) return false;
    taken_ += bytes;
    return true;
}

bool exchange::hold_answer(std::size_t bytes) {
    budget_.give_back(std::exchange(taken_, 0));
    body = {};
    return hold(bytes);
}

awaitable<result<std::string>> exchange::next_piece() {
    auto& text = parser_.get().body();
    connection_.expire_in(limits_.request);
    while (text.empty() && !parser_.is_done())
        if (const auto more = co_await read_more_body(); !more) co_return more.error();
    connection_.never_expire();
    co_return std::exchange(text, {});
}

awaitable<result<void>> exchange::read_more_body() {
    const error gone{errc::bad_request, "the request ended early"};
    auto& buffer = connection_.buffer();
    if (!continued_ && !co_await say_continue()) co_return gone;
    boost::system::error_code failure = beast::http::error::need_more;
    if (buffer.size() > 0) {
        failure = {};
        buffer.consume(parser_.put(buffer.data(), failure));
        if (failure && failure != beast::http::error::need_more)
            co_return error{errc::bad_request, "the request is not HTTP/1.1: " + failure.message()};
    }
    if (parser_.is_done() || !failure) co_return result<void>();
    const auto left = parser_.content_length_remaining().value_or(0);
    if (!co_await connection_.fill(static_cast<std::size_t>(left))) co_return gone;
    co_return result<void>();
}

awaitable<bool> exchange::say_continue() {
    continued_ = true;
    if (!beast::iequals(request.headers[beast::http::field::expect], "100-continue") ||
        connection_.buffer().size() > 0)
        co_return true;
    co_return co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n");
}

std::string exchange::head_text(const reply& answer, std::string_view framing) const {
    const auto reason =
        beast::http::obsolete_reason(static_cast<beast::http::status>(answer.status));
    std::string text = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\n{}X-Request-Id: {}\r\n",
                                   answer.status, std::string_view(reason.data(), reason.size()),
                                   answer.content_type, framing, request.id);
    for (const auto& [name, value] : answer.headers)
        fmt::format_to(std::back_inserter(text), "{}: {}\r\n", name, value);
    if (last_ || !keep_alive()) {
        text += "Connection: close\r\n";
    } else if (parser_.get().version() == 10) {
        text += "Connection: keep-alive\r\n";
    }
    return text += "\r\n";
}

awaitable<bool> exchange::finish(const reply& answer) {
    connection_.expire_in(limits_.write);
    if (answer.streamed || started_) {
        // Whatever went wrong after the head: only a missing end can tell the client.
        if (!answer.streamed || cut_short_) co_return false;
        if (request.method == verb::head) co_return true;
        co_return !chunked_ || co_await connection_.write("0\r\n\r\n");
    }
    const std::string head =
        head_text(answer, fmt::format("Content-Length: {}\r\n", answer.body.size()));
    const bool with_body = request.method != verb::head;
    co_return co_await connection_.write(head, with_body ? answer.body : std::string_view());
}

awaitable<bool> exchange::begin(const reply& head) {
    chunked_ = parser_.get().version() == 11;
    if (!chunked_) cut_short_ = true;  // HTTP/1.0: the end of the connection is the end of the body
    started_ = true;
    connection_.expire_in(limits_.write);
    const bool sent = co_await connection_.write(
        head_text(head, chunked_ ? "Transfer-Encoding: chunked\r\n" : ""));
    if (!sent) cut_short_ = true;
    co_return sent&& request.method != verb::head;
}

awaitable<bool> exchange::send(std::string_view bytes) {
    if (bytes.empty()) co_return true;
    connection_.expire_in(limits_.write);
    std::string framed;
    if (chunked_) {
        framed = fmt::format("{:x}\r\n", bytes.size());
        framed += bytes;
        framed += "\r\n";
        bytes = framed;
    }
    const bool sent = co_await connection_.write(bytes);
    if (!sent) cut_short_ = true;
    co_return sent;
}

awaitable<bool> exchange::send_raw(std::string_view bytes) {
    cut();
    connection_.expire_in(limits_.write);
    return connection_.write(bytes);
}

void exchange::cut() {
    started_ = true;
    cut_short_ = true;
}

}  // namespace memorypro::http
