#include "support/scripted_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

namespace memorypro::test {
namespace {

constexpr auto no_throw = asio::as_tuple(use_awaitable);
using acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;

std::size_t length_of_body(std::string_view head) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto at = head.find(name);
    std::size_t length = 0;
    if (at != std::string_view::npos)
        std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
    return length;
}

asio::ssl::context make_context(const identity& own, int version) {
    asio::ssl::context made(asio::ssl::context::tls_server);
    made.use_certificate(asio::buffer(own.certificate), asio::ssl::context::pem);
    made.use_private_key(asio::buffer(own.key), asio::ssl::context::pem);
    if (version != 0) {
        SSL_CTX_set_min_proto_version(made.native_handle(), version);
        SSL_CTX_set_max_proto_version(made.native_handle(), version);
    }
    return made;
}

}  // namespace

peer::peer(socket s, seen& log) : socket_(std::move(s)), seen_(log) {
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

awaitable<bool> peer::shake_hands(asio::ssl::context& context) {
    tls_.emplace(socket_, context);
    const auto [failure] = co_await tls_->async_handshake(asio::ssl::stream_base::server, no_throw);
    if (failure) co_return false;
    ++seen_.handshakes;
    if (SSL_session_reused(tls_->native_handle()) == 1) ++seen_.resumed;
    const char* name = SSL_get_servername(tls_->native_handle(), TLSEXT_NAMETYPE_host_name);
    seen_.asked_name = name == nullptr ? "" : name;
    co_return true;
}

awaitable<bool> peer::read_some() {
    char bytes[16 * 1024];
    const auto room = asio::buffer(bytes);
    const auto [failure, count] = tls_ ? co_await tls_->async_read_some(room, no_throw)
                                       : co_await socket_.async_read_some(room, no_throw);
    pending_.append(bytes, count);
    co_return !failure;
}

awaitable<std::optional<std::string>> peer::read_head() {
    auto end = pending_.find("\r\n\r\n");
    for (; end == std::string::npos; end = pending_.find("\r\n\r\n"))
        if (!co_await read_some()) co_return std::nullopt;
    auto head = pending_.substr(0, end + 4);
    pending_.erase(0, end + 4);
    co_return head;
}

awaitable<std::optional<std::string>> peer::read_request() {
    auto request = co_await read_head();
    if (!request) co_return std::nullopt;
    const auto length = length_of_body(*request);
    while (pending_.size() < length)
        if (!co_await read_some()) co_return std::nullopt;
    *request += pending_.substr(0, length);
    pending_.erase(0, length);
    seen_.requests.push_back(*request);
    co_return request;
}

awaitable<bool> peer::send(std::string bytes) {
    const auto all = asio::buffer(bytes);
    const auto [failure, count] = tls_ ? co_await asio::async_write(*tls_, all, no_throw)
                                       : co_await asio::async_write(socket_, all, no_throw);
    co_return !failure;
}

awaitable<> peer::until_closed() {
    while (co_await read_some())
        pending_.clear();
}

awaitable<> peer::shut_down() {
    if (tls_) co_await tls_->async_shutdown(no_throw);
}

void peer::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void peer::reset() {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
}

struct scripted_server::state {
    explicit state(asio::io_context& loop) : entrance(loop.get_executor()) {}

    acceptor entrance;
    std::optional<asio::ssl::context> context;
    test::script script;
    test::seen seen;
    std::list<peer> peers;
};

scripted_server::scripted_server(asio::io_context& loop, script first, server_options options)
    : state_(std::make_shared<state>(loop)) {
    state_->script = std::move(first);
    if (options.tls) state_->context.emplace(make_context(*options.tls, options.tls_version));
    const asio::ip::tcp::endpoint at(asio::ip::make_address(options.address), options.port);
    state_->entrance.open(at.protocol());
    state_->entrance.set_option(asio::socket_base::reuse_address(true));
    state_->entrance.bind(at);
    state_->entrance.listen();
    port_ = state_->entrance.local_endpoint().port();
    asio::co_spawn(loop.get_executor(), accept(state_), asio::detached);
}

awaitable<> scripted_server::accept(std::shared_ptr<state> self) {
    while (true) {
        auto [failure, socket] = co_await self->entrance.async_accept(no_throw);
        if (failure) break;
        ++self->seen.accepted;
        self->peers.emplace_front(std::move(socket), self->seen);
        asio::co_spawn(self->entrance.get_executor(), serve(self, self->peers.begin()),
                       asio::detached);
    }
}

awaitable<> scripted_server::serve(std::shared_ptr<state> self, std::list<peer>::iterator one) {
    self->seen.most_open = std::max(self->seen.most_open, ++self->seen.open);
    const auto script = self->script;
    if (!self->context || co_await one->shake_hands(*self->context)) co_await script(*one);
    --self->seen.open;
    self->peers.erase(one);
}

const seen& scripted_server::seen() const {
    return state_->seen;
}

void scripted_server::follow(script next) {
    state_->script = std::move(next);
}

void scripted_server::close_entrance() {
    boost::system::error_code ignored;
    state_->entrance.close(ignored);
}

void scripted_server::stop() {
    close_entrance();
    for (auto& one : state_->peers)
        one.close();
}

std::string ok(std::string_view body, std::string_view headers) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), headers,
                       body);
}

awaitable<> answer_all(peer& with) {
    while (co_await with.read_request())
        co_await with.send(ok(std::to_string(with.log().requests.size())));
}

awaitable<> say_nothing(peer& with) {
    return with.until_closed();
}

awaitable<> answer_once_then_close(peer& with) {
    if (co_await with.read_request()) co_await with.send(ok("once"));
}

}  // namespace memorypro::test
