#include <atomic>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <memory>
#include <thread>

#include "cloud/transport_fixture.hpp"
#include "support/full_listener.hpp"

namespace memorypro::cloud {
namespace {

using Catch::Matchers::ContainsSubstring;
using reason = no_answer::reason;
using std::chrono::milliseconds;

// Shorter than a test's patience, longer than a busy machine needs, under a sanitizer, to get to
// the place where a call is stuck.
constexpr milliseconds soon{2'000};
// What may come on top of it on a busy machine.
constexpr milliseconds tolerance{5'000};

awaitable<> drip(test::peer& with) {
    if (!co_await with.read_request()) co_return;
    co_await with.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    timer pause(with.wire().get_executor());
    while (co_await with.send("x")) {
        pause.expires_after(milliseconds(5));
        co_await pause.async_wait(asio::as_tuple(use_awaitable));
    }
}

// Takes nothing of what comes.
awaitable<> read_nothing(test::peer& with) {
    timer pause(with.wire().get_executor());
    while (with.wire().is_open()) {
        pause.expires_after(milliseconds(5));
        co_await pause.async_wait(asio::as_tuple(use_awaitable));
    }
}

// A lookup that hangs until the test is over.
class hanging_lookup {
public:
    ~hanging_lookup() {
        *over_ = true;
        while (over_.use_count() > 1)
            std::this_thread::sleep_for(milliseconds(1));
    }
    lookup_function function() {
        return [over = over_, calls = &calls_](const std::string&, std::uint16_t) -> addresses {
            ++*calls;
            while (!*over)
                std::this_thread::sleep_for(milliseconds(1));
            return error{errc::unavailable, "the test is over"};
        };
    }
    int calls() const { return calls_; }

private:
    std::atomic<int> calls_ = 0;
    std::shared_ptr<std::atomic<bool>> over_ = std::make_shared<std::atomic<bool>>(false);
};

// A place where a call gets stuck, and what is said of it.
struct trap {
    hanging_lookup lookup;
    std::optional<test::full_listener> full;
    std::optional<test::scripted_server> server;
    https_options options;
    request what = post();
    std::string_view doing;
    bool sent = false;
};

enum class phase { lookup, connect, proxy, handshake, write, read, drip };

std::unique_ptr<trap> set_trap(place& p, phase where) {
    auto made = std::make_unique<trap>();
    auto& server = made->server;
    switch (where) {
        case phase::lookup:
            made->options.connect.server = {.host = "cloud.test", .port = 80};
            made->options.connect.lookup = made->lookup.function();
            made->doing = "looking up the host's address";
            break;
        case phase::connect:
            made->full.emplace();
            made->options.connect.server = {.host = "127.0.0.1", .port = made->full->port()};
            made->doing = "connecting";
            break;
        case phase::proxy:
            server.emplace(p.loop, test::say_nothing);
            made->options = p.tls_to(*server);
            made->options.connect.proxy = proxy{.host = "127.0.0.1", .port = server->port()};
            made->doing = "asking the proxy";
            break;
        case phase::handshake:
            server.emplace(p.loop, test::say_nothing);
            made->options = p.tls_to(*server);
            made->doing = "the TLS handshake";
            break;
        case phase::write:
            server.emplace(p.loop, read_nothing);
            made->options = plain_to(*server);
            made->what = post(std::string(8 << 20, 'x'));
            made->doing = "sending the request";
            made->sent = true;
            break;
        case phase::read:
            server.emplace(p.loop, test::say_nothing, p.with_tls());
            made->options = p.tls_to(*server);
            made->doing = "waiting for the answer";
            made->sent = true;
            break;
        case phase::drip:
            server.emplace(p.loop, drip);
            made->options = plain_to(*server);
            made->doing = "waiting for the answer";
            made->sent = true;
            break;
    }
    return made;
}

phase each_phase() {
    return GENERATE(phase::lookup, phase::connect, phase::proxy, phase::handshake, phase::write,
                    phase::read, phase::drip);
}

// Runs the loop until a call has got there.
void reach(place& p, const trap& where) {
    const auto there = [&] {
        if (where.server)
            return (where.sent && where.options.connect.server.tls
                        ? where.server->seen().handshakes
                        : where.server->seen().accepted) > 0;
        return where.full || where.lookup.calls() > 0;
    };
    REQUIRE(test::run_until(p.loop, there));
    p.settle();
}

TEST_CASE("the deadline ends a call wherever it is stuck", "[transport]") {
    place p;
    const auto where = each_phase();
    const auto trap = set_trap(p, where);
    CAPTURE(trap->doing);
    https_transport transport(p.loop.get_executor(), trap->options);

    const stopwatch watch;
    const auto failure = unanswered(p.call(transport, trap->what, in(soon)));
    CHECK(watch.elapsed() >= soon);
    CHECK(watch.elapsed() < soon + tolerance);
    CHECK(failure.why == reason::deadline);
    CHECK(failure.sent == trap->sent);
    CHECK_THAT(failure.detail, ContainsSubstring("while " + std::string(trap->doing)));
    CHECK(transport.connections() == 0);
}

TEST_CASE("a stop ends a call wherever it is stuck, and leaves the loop nothing to do",
          "[transport]") {
    place p;
    const auto where = each_phase();
    const auto trap = set_trap(p, where);
    CAPTURE(trap->doing);
    https_transport transport(p.loop.get_executor(), trap->options);
    const auto call = test::start(p.loop, transport.exchange(trap->what, far()));
    reach(p, *trap);
    REQUIRE_FALSE(call->done());

    transport.stop();
    const stopwatch watch;
    const auto failure = unanswered(test::finish(p.loop, call));
    CHECK(watch.elapsed() < tolerance);
    CHECK(failure.why == reason::stopped);
    CHECK(failure.sent == trap->sent);
    CHECK(transport.connections() == 0);

    const auto later = unanswered(p.call(transport));
    CHECK(later.why == reason::stopped);
    CHECK_FALSE(later.sent);

    if (trap->server) trap->server->stop();
    CHECK(test::run_until(p.loop, [&] { return p.loop.stopped(); }));
}

awaitable<> call_for(https_transport& over, request what, milliseconds time) {
    using namespace asio::experimental::awaitable_operators;
    timer patience(co_await asio::this_coro::executor, time);
    co_await (over.exchange(std::move(what), far()) ||
              patience.async_wait(asio::as_tuple(use_awaitable)));
}

TEST_CASE("a caller may give its call up wherever it is stuck", "[transport]") {
    place p;
    const auto where = each_phase();
    const auto trap = set_trap(p, where);
    CAPTURE(trap->doing);
    https_transport transport(p.loop.get_executor(), trap->options);
    const stopwatch watch;
    test::run_with_deadline(p.loop, call_for(transport, trap->what, soon));
    CHECK(watch.elapsed() < soon + tolerance);
    CHECK(transport.connections() == 0);
    if (trap->server) {
        CHECK(trap->server->seen().requests.size() <= 1);
        trap->server->stop();
    }
    transport.stop();
    CHECK(test::run_until(p.loop, [&] { return p.loop.stopped(); }));
}

TEST_CASE("a call may outlive the transport", "[transport]") {
    place p;
    const auto where = each_phase();
    const auto trap = set_trap(p, where);
    CAPTURE(trap->doing);
    std::optional<https_transport> transport;
    transport.emplace(p.loop.get_executor(), trap->options);
    const auto call = test::start(p.loop, transport->exchange(trap->what, far()));
    reach(p, *trap);
    transport.reset();
    CHECK(unanswered(test::finish(p.loop, call)).why == reason::stopped);
}

TEST_CASE("the loop may go with calls in it", "[transport]") {
    auto p = std::make_unique<place>();
    const auto where = each_phase();
    auto trap = set_trap(*p, where);
    auto transport = std::make_unique<https_transport>(p->loop.get_executor(), trap->options);
    const auto call = test::start(p->loop, transport->exchange(trap->what, far()));
    const auto other = test::start(p->loop, transport->exchange(trap->what, far()));
    reach(*p, *trap);
    transport.reset();
    trap->server.reset();
    p.reset();
    CHECK_FALSE(call->done());
}

TEST_CASE("a deadline that is over already sends nothing", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all);
    https_transport transport(p.loop.get_executor(), plain_to(server));
    const auto failure = unanswered(p.call(transport, post(), in(milliseconds(0))));
    CHECK(failure.why == reason::busy);
    CHECK_FALSE(failure.sent);
    p.settle();
    CHECK(server.seen().accepted == 0);
}

TEST_CASE("a stop closes what is idle and gives who waits in line an answer", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all);
    auto options = plain_to(server);
    options.connections = 1;
    https_transport transport(p.loop.get_executor(), options);
    answered(p.call(transport));
    server.follow(test::say_nothing);

    SECTION("idle") {
        transport.stop();
        CHECK(transport.connections() == 0);
        CHECK(test::run_until(p.loop, [&] { return server.seen().open == 0; }));
    }
    SECTION("in line") {
        const auto first = test::start(p.loop, transport.exchange(post(), far()));
        const auto second = test::start(p.loop, transport.exchange(post(), far()));
        transport.stop();
        CHECK(unanswered(test::finish(p.loop, second)).why == reason::stopped);
        test::finish(p.loop, first);
    }
}

TEST_CASE("calls that look a host up at the same time share one lookup", "[transport]") {
    place p;
    const auto trap = set_trap(p, phase::lookup);
    https_transport transport(p.loop.get_executor(), trap->options);
    std::vector<std::shared_ptr<test::outcome<outcome>>> calls;
    for (int i = 0; i < 8; ++i)
        calls.push_back(test::start(p.loop, transport.exchange(post(), in(soon))));
    for (const auto& call : calls)
        CHECK(unanswered(test::finish(p.loop, call)).why == reason::deadline);
    CHECK(unanswered(p.call(transport, post(), in(soon))).why == reason::deadline);
    CHECK(trap->lookup.calls() == 1);
}

TEST_CASE("a connection that was kept from a call in time is used by the next", "[transport]") {
    place p;
    test::scripted_server server(p.loop, test::answer_all);
    https_transport transport(p.loop.get_executor(), plain_to(server));
    answered(p.call(transport, post(), in(soon)));
    test::run_until(p.loop, [] { return false; }, soon + milliseconds(50));
    CHECK(answered(p.call(transport)).body == "2");
    CHECK(server.seen().accepted == 1);
}

}  // namespace
}  // namespace memorypro::cloud
