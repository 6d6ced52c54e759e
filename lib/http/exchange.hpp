// One request and its answer, as a handler sees them.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/result.hpp"
#include "http/connection.hpp"
#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/piece_body.hpp"

namespace memorypro::http {

// Bytes of bodies in memory, of requests and of answers that clients have not taken, over all
// connections.
class body_budget {
public:
    explicit body_budget(std::size_t limit) : limit_(limit) {}
    bool take(std::size_t);  // false: there is no room, and nothing was taken
    void give_back(std::size_t bytes) { used_ -= bytes; }

private:
    std::size_t limit_;
    std::size_t used_ = 0;
};

class exchange {
public:
    exchange(connection&, const limits&, body_budget&);
    ~exchange();
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    http::request request;
    std::string body;  // of a route that takes it whole

    // The next piece of a streamed body, empty at its end.
    awaitable<result<std::string>> next_piece();

    // A streamed answer: the head, then bytes as they come. False: nobody reads on, stop.
    awaitable<bool> begin(const reply& head);
    awaitable<bool> send(std::string_view);

    // ---- for a server that misbehaves on purpose ----

    // Bytes as they are, in place of an answer. False: nobody reads on, stop.
    awaitable<bool> send_raw(std::string_view);

    // The connection ends at once, whatever was answered by then and whatever the handler returns.
    void cut();

    // Whether nobody waits for the answer any more: the client has closed.
    bool client_is_gone() const { return connection_.client_is_gone(); }

    // ---- for the session ----

    enum class head_state { complete, closed, malformed, too_large };
    awaitable<head_state> read_head();
    awaitable<result<void>> read_body();
    bool hold_answer(std::size_t bytes);  // instead of the request's body; false: no room for it
    awaitable<bool> finish(const reply&);
    bool keep_alive() const { return parser_.is_done() && parser_.keep_alive() && !cut_short_; }
    bool started() const { return started_; }
    void close_after() { last_ = true; }
    bool closes_after() const { return last_; }

private:
    using parser = boost::beast::http::request_parser<piece_body>;

    bool hold(std::size_t bytes);
    awaitable<result<void>> read_more_body();
    awaitable<bool> say_continue();
    std::string head_text(const reply&, std::string_view framing) const;

    connection& connection_;
    const limits& limits_;
    body_budget& budget_;
    parser parser_;
    std::size_t taken_ = 0;   // of the budget
    bool continued_ = false;  // 100 Continue was sent or is not wanted
    bool started_ = false;    // a streamed answer's head was sent
    bool chunked_ = false;    // and this is its framing
    bool cut_short_ = false;  // the stream's end was not sent: only closing ends it
    bool last_ = false;       // no request after this one
};

}  // namespace memorypro::http
