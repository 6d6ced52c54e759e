// What a server that misbehaves on purpose asks of an exchange, over a real Unix socket.
#include "http/fixture.hpp"

namespace memorypro::http {
namespace {

TEST_CASE("raw bytes are sent as they are, and the connection ends after them") {
    serving s;
    client c(s);
    c.send(get("/not-http") + get("/echo"));
    CHECK_FALSE(c.closed());
    CHECK(c.pending() == "not HTTP");
    CHECK(s.has_connections(0));
}

TEST_CASE("a connection that is cut ends without an answer, and only that one") {
    serving s;
    client other(s);
    client c(s);
    c.send(get("/cut-off"));
    CHECK(c.closed());
    CHECK(other.ask(get("/echo")).result_int() == 200);
}

TEST_CASE("a handler can see that its client has gone") {
    serving s;
    {
        client c(s);
        c.send(get("/to-the-end"));
        CHECK_FALSE(
            test::run_until(s.loop, [&] { return s.saw_the_end; }, std::chrono::milliseconds(20)));
    }
    CHECK(test::run_until(s.loop, [&] { return s.saw_the_end; }));
}

}  // namespace
}  // namespace memorypro::http
