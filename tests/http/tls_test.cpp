// A server under TLS. The sockets are Unix sockets: TLS does not mind.
#include "http/tls.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "http/fixture.hpp"
#include "support/certificates.hpp"

namespace memorypro::http {
namespace {

using namespace std::chrono_literals;
namespace ssl = asio::ssl;
using error_code = boost::system::error_code;

constexpr auto no_throw = asio::as_tuple(use_awaitable);

const test::certificate_authority& authority() {
    static const test::certificate_authority made;
    return made;
}

test::identity make_localhost() {
    return authority().issue({.names = {"localhost"}});
}

tls_context localhost() {
    static const auto shown = make_localhost();
    return server_tls(shown.certificate, shown.key).value();
}

// Trusts the authority, as "localhost".
class tls_client {
public:
    explicit tls_client(serving& to) : loop_(to.loop), stream_(loop_, context_) {
        context_.add_certificate_authority(asio::buffer(authority().certificate()));
        stream_.lowest_layer().connect(asio::local::stream_protocol::endpoint(to.path()));
        stream_.set_verify_mode(ssl::verify_peer);
        stream_.set_verify_callback(ssl::host_name_verification("localhost"));
    }

    SSL* native() { return stream_.native_handle(); }
    stream_socket& socket() { return stream_.next_layer(); }

    error_code handshake() {
        return run(stream_.async_handshake(ssl::stream_base::client, no_throw));
    }

    void send(std::string bytes) {
        const auto [failure, count] = test::run_with_deadline(
            loop_, asio::async_write(stream_, asio::buffer(bytes), no_throw));
        CHECK_FALSE(failure);
    }

    // So many bytes, or what came until the end.
    std::string receive(std::size_t size) {
        std::string bytes(size, '\0');
        const auto [failure, count] = test::run_with_deadline(
            loop_, asio::async_read(stream_, asio::buffer(bytes), no_throw));
        last_ = failure;
        bytes.resize(count);
        return bytes;
    }

    error_code last() const { return last_; }

private:
    error_code run(awaitable<std::tuple<error_code>> operation) {
        return std::get<0>(test::run_with_deadline(loop_, std::move(operation)));
    }

    asio::io_context& loop_;
    ssl::context context_{ssl::context::tls_client};
    ssl::stream<stream_socket> stream_;
    error_code last_;
};

// The last bytes of an answer with this body.
bool answers(tls_client& c, const std::string& request, const std::string& body) {
    c.send(request);
    std::string got;
    while (!got.ends_with("\r\n\r\n" + body)) {
        const auto more = c.receive(1);
        if (more.empty()) return false;
        got += more;
    }
    return got.starts_with("HTTP/1.1 200 ");
}

TEST_CASE("a client that trusts the authority is served under TLS, request after request") {
    serving s({}, localhost());
    tls_client c(s);
    REQUIRE_FALSE(c.handshake());
    CHECK(answers(c, post("/echo", "hello"), "hello"));
    CHECK(answers(c, post("/echo", "again"), "again"));
    CHECK(s.server.connections() == 1);
}

TEST_CASE("large bodies and answers pass through TLS whole") {
    serving s({}, localhost());
    tls_client c(s);
    REQUIRE_FALSE(c.handshake());
    std::string body(large_answer, 'x');
    body.back() = '!';
    c.send(post("/echo", body));
    const auto head = c.receive(std::string("HTTP/1.1 200 OK\r\n").size());
    CHECK(head == "HTTP/1.1 200 OK\r\n");
    std::string rest = c.receive(body.size());
    while (!rest.ends_with('!') && !c.last())
        rest += c.receive(1);
    CHECK(rest.ends_with("\r\n\r\n" + body));
}

TEST_CASE("a certificate that is replaced is shown to whoever connects after that") {
    const auto serial = [](tls_client& c) {
        const std::unique_ptr<X509, decltype(&X509_free)> shown(
            SSL_get1_peer_certificate(c.native()), X509_free);
        REQUIRE(shown);
        return ASN1_INTEGER_get(X509_get0_serialNumber(shown.get()));
    };
    serving s({}, localhost());
    tls_client before(s);
    REQUIRE_FALSE(before.handshake());
    const auto renewed = make_localhost();
    s.server.replace_tls(server_tls(renewed.certificate, renewed.key).value());
    tls_client after(s);
    REQUIRE_FALSE(after.handshake());
    CHECK(serial(after) != serial(before));
    CHECK(answers(before, post("/echo", "hello"), "hello"));
    CHECK(answers(after, post("/echo", "hello"), "hello"));
}

TEST_CASE("TLS before 1.2 is refused, and only that client") {
    serving s({}, localhost());
    tls_client old(s);
    SSL_set_cipher_list(old.native(), "ALL:@SECLEVEL=0");
    SSL_set_min_proto_version(old.native(), TLS1_VERSION);
    SSL_set_max_proto_version(old.native(), TLS1_1_VERSION);
    CHECK(old.handshake());
    CHECK(s.has_connections(0));
    tls_client c(s);
    SSL_set_max_proto_version(c.native(), TLS1_2_VERSION);
    REQUIRE_FALSE(c.handshake());
    CHECK(answers(c, post("/echo", "hello"), "hello"));
}

TEST_CASE("a client that does not speak TLS loses its connection") {
    serving s({}, localhost());
    client plain(s);
    plain.send(get("/echo"));
    CHECK(s.has_connections(1));
    CHECK(s.has_connections(0));
    CHECK(plain.pending().find("HTTP/1.1") == std::string::npos);
}

TEST_CASE("a client that does not complete its handshake is cut off") {
    serving s({.idle = 1h, .request = 20ms}, localhost());
    client silent(s);
    CHECK(silent.closed());
}

TEST_CASE("a handshake that is not complete does not hold up a stop") {
    serving s({}, localhost());
    client silent(s);
    REQUIRE(s.has_connections(1));
    s.loop.restart();
    s.loop.poll();
    s.server.stop();
    CHECK(silent.closed());
    test::finish(s.loop, test::start(s.loop, s.server.drained(1h)));
}

TEST_CASE("the last answer is followed by a closure alert, and the client's is not waited for") {
    serving s({}, localhost());
    tls_client c(s);
    REQUIRE_FALSE(c.handshake());
    CHECK(answers(c, post("/echo", "bye", "Connection: close\r\n"), "bye"));
    CHECK(c.receive(1).empty());
    CHECK(c.last() == asio::error::eof);  // and not ssl::error::stream_truncated
    char byte = 0;
    const auto [end, count] = test::run_with_deadline(
        s.loop, c.socket().async_read_some(asio::buffer(&byte, 1), no_throw));
    CHECK(end == asio::error::eof);
    CHECK(s.server.connections() == 1);  // it lets the client take the answer
}

TEST_CASE("a client that is still sending can read under TLS why it is refused") {
    serving s({.body_bytes = 1024}, localhost());
    tls_client c(s);
    REQUIRE_FALSE(c.handshake());
    const auto request = post("/echo", std::string(1 << 20, 'x'));
    c.send(request.substr(0, 2048));
    CHECK(c.receive(13) == "HTTP/1.1 413 ");
    c.send(request.substr(2048, 64 << 10));
    std::string rest;
    while (!c.last())
        rest += c.receive(1024);
    CHECK(rest.find("over 1024 bytes") != std::string::npos);
}

TEST_CASE("what cannot be used for TLS is an error that says what") {
    const auto shown = make_localhost();
    const auto other = make_localhost();
    const auto no_certificate = server_tls("nonsense", shown.key);
    REQUIRE_FALSE(no_certificate);
    CHECK(no_certificate.error().detail.starts_with("the certificate: "));
    for (const auto& key : {std::string(), std::string("nonsense"), other.key}) {
        const auto no_key = server_tls(shown.certificate, key);
        REQUIRE_FALSE(no_key);
        CHECK(no_key.error().code == errc::conflict);
        CHECK(no_key.error().detail.starts_with("the certificate's key: "));
    }
}

}  // namespace
}  // namespace memorypro::http
