#include "cli/client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <cerrno>

#include "cli/connect.hpp"
#include "cli/failure.hpp"

namespace memorypro::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

constexpr std::uint64_t largest_answer = std::uint64_t{1} << 30;

http::verb verb_of(method wanted) {
    switch (wanted) {
        case method::get:
            return http::verb::get;
        case method::post:
            return http::verb::post;
        case method::patch:
            return http::verb::patch;
        case method::remove:
            return http::verb::delete_;
    }
    return http::verb::get;
}

}  // namespace

class client::connection {
public:
    connection(std::string path, milliseconds timeout)
        : path_(std::move(path)), timeout_(timeout) {}

    void allow(milliseconds extra) { extra_ = extra; }

    // Starts a call: a usable stream, and its deadline.
    void open() {
        if (stream_.socket().is_open() && !usable()) close();
        if (!stream_.socket().is_open()) {
            stream_.socket().assign({}, connect_to(path_, timeout_));
            buffer_.clear();
        }
        restart_deadline();
        extra_ = {};
    }

    void close() {
        error_code ignored;
        stream_.socket().close(ignored);
    }

    // A streamed call is bounded by its pauses, not by its length.
    void restart_deadline() { stream_.expires_after(timeout_ + extra_); }

    template <class Message>
    void send(Message& message) {
        check(run([&](auto done) { http::async_write(stream_, message, done); }));
    }

    template <class Serializer>
    void send_header(Serializer& serializer) {
        check(run([&](auto done) { http::async_write_header(stream_, serializer, done); }));
    }

    // False: the daemon stopped reading; its answer may already be there.
    template <class Buffers>
    bool send_chunk(const Buffers& chunk) {
        restart_deadline();
        const auto failed = run([&](auto done) { asio::async_write(stream_, chunk, done); });
        if (failed == beast::error::timeout) check(failed);
        return !failed;
    }

    template <class Parser>
    void receive_header(Parser& parser) {
        check(run([&](auto done) { http::async_read_header(stream_, buffer_, parser, done); }));
    }

    template <class Parser>
    void receive(Parser& parser) {
        check(run([&](auto done) { http::async_read(stream_, buffer_, parser, done); }));
    }

    template <class Parser>
    void receive_some(Parser& parser) {
        restart_deadline();
        const auto failed =
            run([&](auto done) { http::async_read_some(stream_, buffer_, parser, done); });
        if (failed != http::error::need_buffer) check(failed);
    }

    // Reads the rest of an answer whose header `parser` may have; the body when it is 2xx.
    template <class Parser>
    std::string finish(Parser& parser) {
        receive(parser);
        auto answer = parser.release();
        if (!answer.keep_alive()) close();
        const auto status = answer.result_int();
        if (status / 100 == 2) return std::move(answer.body());
        throw failure_of(status, answer.body(), std::string(answer[http::field::retry_after]));
    }

    std::string receive_answer() {
        http::response_parser<http::string_body> parser;
        parser.body_limit(largest_answer);
        return finish(parser);
    }

    http::fields downloaded;  // the head of the last download's answer

private:
    // An idle connection that the daemon has closed reads as the end of the stream.
    bool usable() {
        char byte = 0;
        const auto got =
            ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    // Runs one asynchronous operation to its end: Beast's synchronous ones know no timeout.
    template <class Start>
    error_code run(Start start) {
        error_code outcome;
        start([&outcome](error_code failed, std::size_t) { outcome = failed; });
        loop_.restart();
        loop_.run();
        return outcome;
    }

    void check(error_code failed) {
        if (!failed) return;
        close();
        if (failed == beast::error::timeout)
            throw failure(exit_code::unreachable,
                          fmt::format("no answer on {} within {} s", path_,
                                      static_cast<double>((timeout_ + extra_).count()) / 1000));
        throw failure(exit_code::unreachable,
                      fmt::format("the connection to {} broke off: {}", path_, failed.message()));
    }

    std::string path_;
    milliseconds timeout_;
    milliseconds extra_{};
    asio::io_context loop_{1};
    beast::basic_stream<asio::local::stream_protocol> stream_{loop_};
    beast::flat_buffer buffer_;
};

client::client(std::string socket, milliseconds timeout)
    : connection_(std::make_unique<connection>(std::move(socket), timeout)) {}
client::~client() = default;
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;

namespace {

template <class Body>
http::request<Body> request(http::verb verb, const target& where, std::string_view accept,
                            const std::optional<header>& extra = {}) {
    http::request<Body> message{verb, where.text(), 11};
    message.set(http::field::host, "localhost");
    message.set(http::field::user_agent, "memorypro/" MEMORYPRO_VERSION);
    message.set(http::field::accept, accept);
    if (extra) message.set(extra->name, extra->value);
    return message;
}

}  // namespace

void client::allow(milliseconds extra) {
    connection_->allow(extra);
}

std::string client::call(method wanted, const target& where, const boost::json::value* body,
                         const std::optional<header>& extra) {
    auto message = request<http::string_body>(verb_of(wanted), where, "application/json", extra);
    if (body) {
        message.set(http::field::content_type, "application/json");
        message.body() = boost::json::serialize(*body);
    }
    if (body || wanted == method::post) message.prepare_payload();
    connection_->open();
    connection_->send(message);
    return connection_->receive_answer();
}

std::string client::upload(const target& where, std::string_view content_type,
                           const chunk_source& source) {
    auto message = request<http::empty_body>(http::verb::post, where, "application/json");
    message.set(http::field::content_type, content_type);
    message.chunked(true);
    http::request_serializer<http::empty_body> serializer{message};

    connection_->open();
    connection_->send_header(serializer);
    bool taken = true;
    for (auto piece = source(); taken && !piece.empty(); piece = source())
        taken = connection_->send_chunk(http::make_chunk(asio::buffer(piece)));
    if (taken) taken = connection_->send_chunk(http::make_chunk_last());

    connection_->restart_deadline();
    auto answer = connection_->receive_answer();
    if (!taken) connection_->close();
    return answer;
}

void client::download(const target& where, std::string_view accept, const chunk_sink& sink,
                      const std::optional<header>& extra) {
    auto message = request<http::empty_body>(http::verb::get, where, accept, extra);
    connection_->open();
    connection_->send(message);

    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    connection_->receive_header(parser);
    connection_->downloaded = parser.get().base();
    if (parser.get().result_int() / 100 != 2) {
        http::response_parser<http::string_body> refusal{std::move(parser)};
        refusal.body_limit(largest_answer);
        connection_->finish(refusal);
        return;
    }

    sink({});
    std::array<char, 64 * 1024> piece;
    while (!parser.is_done()) {
        parser.get().body().data = piece.data();
        parser.get().body().size = piece.size();
        connection_->receive_some(parser);
        const auto size = piece.size() - parser.get().body().size;
        if (size > 0 && !sink({piece.data(), size})) return connection_->close();
    }
    if (!parser.get().keep_alive()) connection_->close();
}

std::string client::downloaded_header(std::string_view name) const {
    return connection_->downloaded[name];
}

}  // namespace memorypro::cli
