#include "cloud/client.hpp"
#include "cloud/client_fixture.hpp"

namespace memorypro::cloud {
namespace {

TEST_CASE("a foreground call is tried again, under the same key, until it is done") {
    client_fixture f;
    f.cloud.next({503});
    f.cloud.next(unreachable);
    f.cloud.next({429, "", "0"});
    f.cloud.next(stored_answer);
    const auto got = f.store();
    REQUIRE(got);
    CHECK(got->memory_id == "mem_1");
    REQUIRE(f.sent() == 4);
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(test::header(f.cloud.request(i), "Idempotency-Key") == "k1");
}

TEST_CASE("a foreground call makes MEMORYPRO_MAX_RETRIES retries") {
    for (const int retries : {0, 1, 3}) {
        client_fixture f;
        f.settings.max_retries = retries;
        f.cloud.otherwise(answer{503, "busy"});
        const auto got = f.store();
        REQUIRE_FALSE(got);
        CHECK(got.error().what == verdict::retry);
        CHECK(got.error().detail == "503: busy");
        CHECK(f.sent() == static_cast<std::size_t>(retries) + 1);
    }
}

TEST_CASE("a recall is tried again, an outbox's call, insights and a registration are not") {
    client_fixture f;
    f.cloud.otherwise(answer{503});
    CHECK_FALSE(f.run(f.client.recall("{}", 5)));
    CHECK(f.sent() == 4);
    f.cloud.next({200, "{}"});
    CHECK(f.run(f.client.insights()));
    const auto before = f.sent();
    CHECK_FALSE(f.store(patience::once));
    CHECK_FALSE(f.run(f.client.sync("{}", "k", patience::once)));
    CHECK_FALSE(f.run(f.client.insights()));
    CHECK_FALSE(f.run(f.client.register_webhook("{}")));
    CHECK(f.sent() == before + 4);
}

TEST_CASE("neither a refusal nor refused credentials are tried again") {
    for (const unsigned status : {400U, 401U, 403U, 404U, 422U}) {
        client_fixture f;
        f.cloud.next({503});
        f.cloud.next({status});
        CHECK_FALSE(f.store());
        CHECK(f.sent() == 2);
    }
}

TEST_CASE("all attempts share one deadline") {
    client_fixture f;
    f.cloud.next({503});
    f.cloud.next({503});
    f.cloud.next(stored_answer);
    CHECK(f.store());
    REQUIRE(f.sent() == 3);
    CHECK(f.cloud.exchanges()[0].deadline == f.cloud.exchanges()[1].deadline);
    CHECK(f.cloud.exchanges()[0].deadline == f.cloud.exchanges()[2].deadline);
}

TEST_CASE("a wait that would outlive the deadline is not begun") {
    client_fixture f;
    f.cloud.next({503, "", "60"});  // the timeout is 30 s
    const auto before = std::chrono::steady_clock::now();
    const auto got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().what == verdict::retry);
    CHECK(got.error().retry_after == std::optional(60s));
    CHECK(f.sent() == 1);
    CHECK(std::chrono::steady_clock::now() - before < 10s);
}

TEST_CASE("a call waits as long as the cloud asks, where the deadline lets it") {
    client_fixture f;
    f.cloud.next({429, "", "1"});
    f.cloud.next(stored_answer);
    const auto before = std::chrono::steady_clock::now();
    CHECK(f.store());
    CHECK(std::chrono::steady_clock::now() - before >= 1s);
}

TEST_CASE("a call that reached its deadline is not tried again, and its outcome is unknown") {
    client_fixture f;
    f.settings.timeout = 0s;
    f.cloud.next_hangs();
    const auto got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().what == verdict::retry);
    CHECK(got.error().unknown_outcome);
    CHECK(f.sent() == 1);
    CHECK(f.client.health().circuit == circuit::state::open);
}

TEST_CASE("an outcome that one attempt left unknown stays so") {
    client_fixture f;
    f.settings.max_retries = 1;
    f.cloud.next({no_answer::reason::broken, "reset", true});
    f.cloud.next({429});
    auto got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().unknown_outcome);
    CHECK(got.error().detail == "429");

    f.cloud.next({500});
    f.cloud.next({422});
    got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().what == verdict::refused);
    CHECK(got.error().unknown_outcome);

    f.cloud.next(unreachable);
    f.cloud.next({429});
    got = f.store();
    REQUIRE_FALSE(got);
    CHECK_FALSE(got.error().unknown_outcome);
}

TEST_CASE("a call of which any attempt was sent was attempted") {
    client_fixture f;
    f.settings.max_retries = 1;
    f.cloud.next({503});
    f.cloud.next({no_answer::reason::stopped, "", false});
    const auto got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().detail == "stopped");
    CHECK(got.error().attempted);
    CHECK(got.error().unknown_outcome);
}

TEST_CASE("a call gives up when its own failure opens the circuit") {
    client_fixture f;
    f.settings.max_retries = 100;
    f.cloud.otherwise(unreachable);
    const auto got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().attempted);
    CHECK(f.sent() == circuit::failures_to_open);
    CHECK(f.client.health().circuit == circuit::state::open);
}

TEST_CASE("a call that waits to try again gives up when another opens the circuit") {
    client_fixture f;
    f.jitter = 0.2;
    f.cloud.next({503, "busy"});
    const auto waiting = test::start(f.loop, f.client.store("{}", "k", patience::retries));
    f.settle();
    REQUIRE(f.sent() == 1);
    f.cloud.next({401});
    REQUIRE_FALSE(f.store(patience::once));
    REQUIRE(f.sent() == 2);
    const auto got = test::finish(f.loop, waiting);
    REQUIRE_FALSE(got);
    CHECK(got.error().detail == "503: busy");
    CHECK(got.error().attempted);
    CHECK(got.error().unknown_outcome);
    CHECK(f.sent() == 2);
}

TEST_CASE("a call that waits to try again ends when the client is stopped") {
    client_fixture f;
    f.cloud.next({503, "busy", "20"});
    const auto waiting = test::start(f.loop, f.client.store("{}", "k", patience::retries));
    f.settle();
    REQUIRE(f.sent() == 1);
    REQUIRE_FALSE(waiting->done());
    f.client.stop();
    f.settle();
    REQUIRE(waiting->done());
    const auto got = test::finish(f.loop, waiting);
    REQUIRE_FALSE(got);
    CHECK(got.error().detail == "503: busy");
    CHECK(got.error().attempted);
    CHECK(f.sent() == 1);
}

TEST_CASE("credentials that a reload replaced meanwhile are not held against the new ones") {
    for (const auto stays : {patience::once, patience::retries}) {
        client_fixture f;
        f.cloud.next_hangs({401, "revoked"});
        f.cloud.otherwise(stored_answer);
        const auto flying = test::start(f.loop, f.client.store("{}", "k", stays));
        f.settle();
        REQUIRE(f.cloud.hanging() == 1);
        f.settings.api_secret = "secret-2";
        f.client.try_now();
        f.cloud.release();
        const auto got = test::finish(f.loop, flying);
        CHECK(f.client.health().state == state::online);
        CHECK(f.client.callable());
        if (stays == patience::retries) {
            CHECK(got);
            CHECK(test::header(f.cloud.request(1), "X-API-Secret") == "secret-2");
        } else {
            REQUIRE_FALSE(got);
            CHECK(got.error().what == verdict::retry);
            CHECK(got.error().attempted);
        }
    }
}

}  // namespace
}  // namespace memorypro::cloud
