#include "cloud/client.hpp"
#include "cloud/client_fixture.hpp"
#include "cloud/transport_fixture.hpp"

namespace memorypro::cloud {
namespace {

using events_seen = std::vector<std::string>;

std::chrono::milliseconds until(std::optional<circuit::time_point> at) {
    REQUIRE(at);
    return std::chrono::ceil<std::chrono::milliseconds>(*at - std::chrono::steady_clock::now());
}

TEST_CASE("before the first call the cloud is online, and its success is no event") {
    client_fixture f;
    auto health = f.client.health();
    CHECK(health.state == state::online);
    CHECK(health.circuit == circuit::state::closed);
    CHECK(health.last_success == std::nullopt);
    CHECK(health.last_error.empty());
    CHECK(f.client.callable());
    CHECK(f.client.callable_at() == std::nullopt);
    f.cloud.next(stored_answer);
    CHECK(f.store());
    CHECK(f.new_events().empty());
    CHECK(f.news.rings() == 0);
    CHECK(f.client.health().last_success == f.wall.now());
}

TEST_CASE("health tells the last success and the last error after it") {
    client_fixture f;
    f.cloud.next(stored_answer);
    CHECK(f.store(patience::once));
    const auto first = f.wall.now();
    f.wall.advance(1min);
    f.cloud.next({503, R"({"detail":"maintenance"})"});
    CHECK_FALSE(f.store(patience::once));
    CHECK(f.client.health().last_success == first);
    CHECK(f.client.health().last_error == "503: maintenance");
    f.cloud.next({422, "no"});
    CHECK_FALSE(f.store(patience::once));
    CHECK(f.client.health().last_success == first);
    CHECK(f.client.health().last_error == "422: no");
    f.cloud.next(stored_answer);
    CHECK(f.store(patience::once));
    CHECK(f.client.health().last_success == f.wall.now());
    CHECK(f.client.health().last_error.empty());
}

TEST_CASE("an open circuit holds calls back at once and says why") {
    client_fixture f;
    f.jitter = 1;
    f.open_circuit();
    CHECK_FALSE(f.client.callable());
    CHECK(until(f.client.callable_at()) <= 1s);
    CHECK(until(f.client.callable_at()) > 0s);
    const auto before = f.sent();
    for (const auto stays : {patience::once, patience::retries}) {
        const auto got = f.store(stays);
        REQUIRE_FALSE(got);
        CHECK(got.error().what == verdict::retry);
        CHECK_FALSE(got.error().attempted);
        CHECK_FALSE(got.error().unknown_outcome);
        CHECK(got.error().detail == "not tried: connection refused");
    }
    CHECK(f.sent() == before);
}

TEST_CASE("an outage is announced once at its beginning and once at its end") {
    client_fixture f;
    f.open_circuit();
    CHECK(f.new_events() ==
          events_seen{R"(cloud.offline {"state":"offline","reason":"connection refused"})"});
    for (int i = 0; i < 3; ++i) {
        f.cloud.next({500});
        CHECK_FALSE(f.store(patience::once));
        CHECK(f.client.health().state == state::offline);
    }
    CHECK(f.new_events().empty());
    f.cloud.next_hangs(stored_answer);
    const auto probe = test::start(f.loop, f.client.store("{}", "k", patience::once));
    f.settle();
    CHECK(f.client.health().circuit == circuit::state::half_open);
    CHECK(f.client.health().state == state::offline);
    CHECK(f.new_events().empty());
    f.cloud.release();
    CHECK(test::finish(f.loop, probe));
    CHECK(f.client.health().state == state::online);
    CHECK(f.new_events() ==
          events_seen{R"(cloud.online {"state":"online","reason":"it answers"})"});
}

TEST_CASE("a probe that is refused brings the cloud online") {
    client_fixture f;
    f.open_circuit();
    f.new_events();
    f.cloud.next({422, "no"});
    CHECK_FALSE(f.store(patience::once));
    CHECK(f.client.health().state == state::online);
    CHECK(f.new_events() ==
          events_seen{R"(cloud.online {"state":"online","reason":"it answers"})"});
}

TEST_CASE("refused credentials pause the calls, and a success after the reload ends that") {
    client_fixture f;
    f.cloud.next({401, R"({"detail":"the \"key\" is revoked"})"});
    const auto got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().what == verdict::paused);
    CHECK(f.client.health().state == state::auth_failed);
    CHECK(f.client.health().circuit == circuit::state::open);
    CHECK(f.new_events() ==
          events_seen{
              R"(cloud.offline {"state":"auth_failed","reason":"401: the \"key\" is revoked"})"});
    CHECK(until(f.client.callable_at()) > 59s);
    CHECK(until(f.client.callable_at()) <= 60s);
    const auto held = f.store();
    REQUIRE_FALSE(held);
    CHECK_FALSE(held.error().attempted);
    CHECK(held.error().what == verdict::retry);
    CHECK(f.sent() == 1);

    f.settings.api_key = "key-2";
    f.client.try_now();
    CHECK(f.client.callable());
    CHECK(f.client.health().state == state::auth_failed);
    f.cloud.next(stored_answer);
    CHECK(f.store());
    CHECK(f.client.health().state == state::online);
    CHECK(f.new_events() ==
          events_seen{R"(cloud.online {"state":"online","reason":"it answers"})"});
}

TEST_CASE("an outage that turns into refused credentials, and back, is announced each time") {
    client_fixture f;
    f.open_circuit();
    f.new_events();
    f.cloud.next({403});
    CHECK_FALSE(f.store(patience::once));
    CHECK(f.new_events() == events_seen{R"(cloud.offline {"state":"auth_failed","reason":"403"})"});
    f.client.try_now();
    f.cloud.next({503});
    CHECK_FALSE(f.store(patience::once));
    CHECK(f.new_events() == events_seen{R"(cloud.offline {"state":"offline","reason":"503"})"});
}

TEST_CASE("the bell rings when the circuit or the time of its probe changes, and only then") {
    client_fixture f;
    f.jitter = 1;
    std::uint64_t heard = 0;
    const auto rang = [&] { return std::exchange(heard, f.news.rings()) != f.news.rings(); };
    for (int i = 0; i < 4; ++i) {
        f.cloud.next(unreachable);
        CHECK_FALSE(f.store(patience::once));
        CHECK_FALSE(rang());
    }
    f.cloud.next(unreachable);
    CHECK_FALSE(f.store(patience::once));
    CHECK(rang());
    CHECK_FALSE(f.store(patience::once));  // held back
    CHECK_FALSE(rang());
    f.client.try_now();
    CHECK(rang());
    f.cloud.next_hangs(stored_answer);
    const auto probe = test::start(f.loop, f.client.store("{}", "k", patience::once));
    f.settle();
    CHECK(rang());
    CHECK_FALSE(f.client.callable());
    CHECK(f.client.callable_at() == std::nullopt);
    f.cloud.release();
    CHECK(test::finish(f.loop, probe));
    CHECK(rang());
    f.client.try_now();
    CHECK_FALSE(rang());
}

TEST_CASE("one probe at a time goes out") {
    client_fixture f;
    f.open_circuit();
    f.cloud.next_hangs(stored_answer);
    const auto probe = test::start(f.loop, f.client.store("{}", "k", patience::once));
    f.settle();
    const auto before = f.sent();
    for (int i = 0; i < 5; ++i) {
        const auto held = f.store(patience::once);
        REQUIRE_FALSE(held);
        CHECK_FALSE(held.error().attempted);
    }
    CHECK(f.sent() == before);
    f.cloud.release();
    CHECK(test::finish(f.loop, probe));
}

TEST_CASE("a probe that is stopped says nothing of the cloud") {
    client_fixture f;
    f.open_circuit();
    f.new_events();
    const auto error = f.client.health().last_error;
    f.cloud.next_hangs(stored_answer);
    const auto probe = test::start(f.loop, f.client.store("{}", "k", patience::once));
    f.settle();
    f.client.stop();
    CHECK_FALSE(test::finish(f.loop, probe));
    CHECK(f.client.health().circuit == circuit::state::open);
    CHECK(f.client.health().last_error == error);
    CHECK(f.new_events().empty());
}

TEST_CASE("a hanging cloud costs one call its deadline: only what nobody waits for is the probe") {
    client_fixture f;
    f.settings.timeout = 0s;
    f.cloud.next_hangs();
    CHECK_FALSE(f.store());
    CHECK(f.client.health().circuit == circuit::state::open);
    CHECK(f.client.callable());  // the probe's time has come already, as jitter is 0
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(f.store().error().attempted);
        CHECK_FALSE(f.run(f.client.recall("{}", 5)).error().attempted);
    }
    CHECK(f.sent() == 1);
    f.settings.timeout = 30s;
    f.cloud.next({200, "{}"});
    CHECK(f.run(f.client.insights()));
    CHECK(f.client.health().circuit == circuit::state::closed);
}

TEST_CASE("a cloud that fails fast may be probed by any call") {
    client_fixture f;
    f.open_circuit();
    f.cloud.next(stored_answer);
    CHECK(f.store(patience::retries));
    CHECK(f.client.health().circuit == circuit::state::closed);
}

TEST_CASE("a late success of a call from before the outage brings the cloud online") {
    client_fixture f;
    f.jitter = 1;
    f.cloud.next_hangs(stored_answer);
    const auto late = test::start(f.loop, f.client.store("{}", "k", patience::once));
    f.settle();
    f.open_circuit();
    f.new_events();
    f.cloud.release();
    CHECK(test::finish(f.loop, late));
    CHECK(f.client.health().state == state::online);
    CHECK(f.new_events().size() == 1);
}

TEST_CASE("a call that found no free connection in time says nothing of the cloud") {
    client_fixture f;
    f.settings.max_retries = 0;
    f.cloud.otherwise(no_answer{no_answer::reason::busy, "all are in use"});
    for (int i = 0; i < 2 * circuit::failures_to_open; ++i) {
        const auto got = f.store();
        REQUIRE_FALSE(got);
        CHECK(got.error().what == verdict::retry);
        CHECK_FALSE(got.error().attempted);
        CHECK_FALSE(got.error().unknown_outcome);
    }
    CHECK(f.client.health().circuit == circuit::state::closed);
    CHECK(f.new_events().empty());
}

TEST_CASE("whatever is thrown while a probe is judged, the next call is a probe again") {
    client_fixture f;
    bool broken = false;
    client fragile(
        f.loop.get_executor(), f.cloud, f.events, f.news, f.wall, f.settings,
        [&broken]() -> double { return broken ? throw std::runtime_error("broken") : 0; });
    f.cloud.next({401});
    REQUIRE_FALSE(f.run(fragile.insights()));
    fragile.try_now();
    broken = true;
    f.cloud.next({401});
    CHECK_THROWS_WITH(f.run(fragile.insights()), "broken");
    CHECK(fragile.health().circuit == circuit::state::open);
    CHECK(fragile.callable());
}

// Answers the first requests, whoever sends them, and no other.
awaitable<> answer_some(int& left, test::peer& with) {
    while (co_await with.read_request()) {
        if (left-- <= 0) co_return co_await with.until_closed();
        co_await with.send(test::ok(R"({"memory_id":"mem_1"})"));
    }
}

TEST_CASE("more calls than a slow cloud can answer in time do not open the circuit",
          "[transport]") {
    client_fixture f;
    int left = 2;
    test::scripted_server server(f.loop,
                                 [&left](test::peer& with) { return answer_some(left, with); });
    auto options = plain_to(server);
    options.connections = 2;
    https_transport network(f.loop.get_executor(), options);
    f.settings.timeout = 1s;
    client real(f.loop.get_executor(), network, f.events, f.news, f.wall, f.settings,
                [] { return 1.0; });
    std::vector<std::shared_ptr<test::outcome<reply<written>>>> calls;
    for (int i = 0; i < 20; ++i)
        calls.push_back(test::start(f.loop, real.store("{}", "k", patience::once)));
    int stored = 0;
    for (const auto& call : calls)
        stored += test::finish(f.loop, call).has_value() ? 1 : 0;
    CHECK(stored == 2);
    CHECK(real.health().circuit == circuit::state::closed);

    CHECK_FALSE(f.run(real.store("{}", "k", patience::once)));  // all of its time, and no answer
    CHECK(real.health().circuit == circuit::state::open);
}

}  // namespace
}  // namespace memorypro::cloud
