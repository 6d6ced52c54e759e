#include "cloud/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "cloud/client_fixture.hpp"

namespace memorypro::cloud {
namespace {

using events_seen = std::vector<std::string>;

TEST_CASE("a store is posted with the credentials, the key and the body") {
    client_fixture f;
    f.cloud.next(stored_answer);
    const auto got = f.run(f.client.store(R"({"content":"x"})", "key-of-memory", patience::once));
    REQUIRE(got);
    CHECK(got->memory_id == "mem_1");
    REQUIRE(f.sent() == 1);
    const auto& sent = f.cloud.request(0);
    CHECK(sent.method == "POST");
    CHECK(sent.target == "/api/v1/memory/store");
    CHECK(sent.body == R"({"content":"x"})");
    CHECK(test::header(sent, "Authorization") == "Bearer key-1");
    CHECK(test::header(sent, "X-API-Secret") == "secret-1");
    CHECK(test::header(sent, "Content-Type") == "application/json");
    CHECK(test::header(sent, "Accept") == "application/json");
    CHECK(test::header(sent, "User-Agent") == "memoryprod/" MEMORYPRO_VERSION);
    CHECK(test::header(sent, "Idempotency-Key") == "key-of-memory");
    CHECK(sent.headers.size() == 6);
}

TEST_CASE("each call has its path, and only writes of memories have a key") {
    client_fixture f;
    f.cloud.next({200, R"({"memory_id":"mem_2"})"});
    const auto synced = f.run(f.client.sync("{}", "k", patience::retries));
    REQUIRE(synced);
    CHECK(synced->memory_id == "mem_2");
    CHECK(f.cloud.request(0).target == "/api/v1/memory/sync");
    CHECK(test::header(f.cloud.request(0), "Idempotency-Key") == "k");

    f.cloud.next({200, R"({"memories":[{"id":"m","content":"c"}]})"});
    const auto recalled = f.run(f.client.recall("{\"query\":\"q\"}", 5));
    REQUIRE(recalled);
    CHECK(recalled->memories.size() == 1);
    CHECK(f.cloud.request(1).target == "/api/v1/memory/recall");
    CHECK(f.cloud.request(1).body == "{\"query\":\"q\"}");
    CHECK(test::header(f.cloud.request(1), "Idempotency-Key").empty());

    f.cloud.next({200, R"({"memory_insights": {}})"});
    const auto insights = f.run(f.client.insights());
    REQUIRE(insights);
    CHECK(insights->body == R"({"memory_insights": {}})");
    CHECK_FALSE(insights->not_modified);
    const auto& get = f.cloud.request(2);
    CHECK(get.method == "GET");
    CHECK(get.target == "/api/v1/memory/insights");
    CHECK(get.body.empty());
    CHECK(test::header(get, "Content-Type").empty());
    CHECK(test::header(get, "Idempotency-Key").empty());
    CHECK(test::header(get, "If-None-Match").empty());

    f.cloud.next({204});
    const auto registered = f.run(f.client.register_webhook("{\"webhook_url\":\"u\"}"));
    REQUIRE(registered);
    CHECK(registered->empty());
    CHECK(f.cloud.request(3).method == "POST");
    CHECK(f.cloud.request(3).target == "/api/v1/webhooks/register");
    CHECK(f.cloud.request(3).body == "{\"webhook_url\":\"u\"}");
}

TEST_CASE("insights are asked for by their etag, and what has not changed is not sent again") {
    client_fixture f;
    f.cloud.next({.status = 200, .body = "{}", .etag = "\"v1\""});
    const auto first = f.run(f.client.insights());
    REQUIRE(first);
    CHECK(first->etag == "\"v1\"");

    f.cloud.next({.status = 304, .etag = "\"v1\""});
    const auto again = f.run(f.client.insights(first->etag));
    REQUIRE(again);
    CHECK(again->not_modified);
    CHECK(again->body.empty());
    CHECK(again->etag == "\"v1\"");
    CHECK(test::header(f.cloud.request(1), "If-None-Match") == "\"v1\"");
    CHECK(f.client.health().last_success == f.wall.now());
}

TEST_CASE("a 304 that nobody asked for is no answer") {
    client_fixture f;
    f.cloud.next({.status = 304});
    const auto got = f.run(f.client.insights());
    REQUIRE_FALSE(got);
    CHECK(got.error().what == verdict::retry);
}

TEST_CASE("the path of the API's URL is before that of the call") {
    for (const auto& [url, target] :
         {std::pair{"https://cloud.test", "/api/v1/memory/insights"},
          std::pair{"https://cloud.test:8443/", "/api/v1/memory/insights"},
          std::pair{"http://[::1]/pro/v2", "/pro/v2/api/v1/memory/insights"},
          std::pair{"https://cloud.test/pro//", "/pro/api/v1/memory/insights"}}) {
        auto settings = cloud_settings();
        settings.api_url = url;
        client_fixture f(settings);
        f.cloud.next({200, "{}"});
        CHECK(f.run(f.client.insights()));
        CHECK(f.cloud.request(0).target == target);
    }
}

TEST_CASE("credentials and timeout are read when they are needed: a reload takes effect") {
    client_fixture f;
    f.cloud.otherwise(stored_answer);
    CHECK(f.store());
    f.settings.api_key = "key-2";
    f.settings.api_secret = "secret-2";
    f.settings.timeout = 300s;
    const auto before = std::chrono::steady_clock::now();
    CHECK(f.store());
    CHECK(test::header(f.cloud.request(1), "Authorization") == "Bearer key-2");
    CHECK(test::header(f.cloud.request(1), "X-API-Secret") == "secret-2");
    CHECK(f.cloud.exchanges()[0].deadline <= before + 30s);
    CHECK(f.cloud.exchanges()[1].deadline >= before + 300s);
    CHECK(f.cloud.exchanges()[1].deadline <= std::chrono::steady_clock::now() + 300s);
}

TEST_CASE("a refusal comes back with the cloud's words, after one attempt") {
    client_fixture f;
    f.cloud.next({422, R"({"detail":"content is offensive"})"});
    const auto got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().what == verdict::refused);
    CHECK(got.error().detail == "422: content is offensive");
    CHECK(got.error().attempted);
    CHECK_FALSE(got.error().unknown_outcome);
    CHECK(f.sent() == 1);
    CHECK(f.client.health().state == state::online);
}

TEST_CASE("a 2xx that is not as promised is retry, unknown, and a failure for the circuit") {
    client_fixture f;
    f.settings.max_retries = 0;
    for (int i = 0; i < circuit::failures_to_open; ++i) {
        CHECK(f.client.health().circuit == circuit::state::closed);
        f.cloud.next({200, "<html>Sign in to the hotel's network</html>"});
        const auto got = f.store();
        REQUIRE_FALSE(got);
        CHECK(got.error().what == verdict::retry);
        CHECK(got.error().unknown_outcome);
        CHECK(got.error().attempted);
    }
    CHECK(f.client.health().circuit == circuit::state::open);
}

TEST_CASE("every call has its own promise") {
    client_fixture f;
    f.cloud.otherwise(answer{200, "{}"});
    CHECK_FALSE(f.store(patience::once));
    CHECK(f.run(f.client.sync("{}", "k", patience::once)));
    CHECK_FALSE(f.run(f.client.recall("{}", 5)));
    CHECK(f.run(f.client.insights()));
    f.cloud.otherwise(answer{200, "OK"});
    CHECK_FALSE(f.run(f.client.sync("{}", "k", patience::once)));
    CHECK_FALSE(f.run(f.client.insights()));
    CHECK(f.run(f.client.register_webhook("{}")));
}

TEST_CASE("an error that quotes the credentials is told without them") {
    client_fixture f;
    f.settings.webhook_secret = "hook-secret";
    f.settings.max_retries = 0;
    f.cloud.next({401, R"({"detail":"key-1key-1 or secret-1 is wrong, unlike hook-secret"})"});
    const auto got = f.store();
    REQUIRE_FALSE(got);
    CHECK(got.error().detail == "401: ****** or *** is wrong, unlike ***");
    for (const auto& event : f.new_events())
        CHECK(event.find("secret-1") == std::string::npos);
}

TEST_CASE("a secret that looks like its mask does no harm") {
    client_fixture f;
    f.settings.api_key = "*";
    f.cloud.next({422, "a * b"});
    CHECK(f.store().error().detail == "422: a *** b");
}

TEST_CASE("a stopped client ends what is in flight, and calls nobody") {
    client_fixture f;
    f.cloud.next_hangs(stored_answer);
    const auto flying = test::start(f.loop, f.client.store("{}", "k", patience::retries));
    f.settle();
    REQUIRE(f.cloud.hanging() == 1);
    CHECK(f.client.callable());
    f.client.stop();
    const auto ended = test::finish(f.loop, flying);
    REQUIRE_FALSE(ended);
    CHECK(ended.error().what == verdict::retry);
    CHECK(ended.error().attempted);
    CHECK(ended.error().unknown_outcome);
    CHECK(f.cloud.stopped());

    for (const auto stays : {patience::once, patience::retries}) {
        const auto after = f.store(stays);
        REQUIRE_FALSE(after);
        CHECK(after.error().what == verdict::retry);
        CHECK_FALSE(after.error().attempted);
        CHECK_FALSE(after.error().unknown_outcome);
    }
    CHECK(f.sent() == 1);
    CHECK_FALSE(f.client.callable());
    CHECK(f.client.callable_at() == std::nullopt);
    CHECK(f.client.health().circuit == circuit::state::closed);
    CHECK(f.client.health().state == state::online);
    CHECK(f.new_events().empty());
}

// Takes being cancelled for a broken connection.
class unaware_transport final : public transport {
public:
    explicit unaware_transport(executor loop) : until_(std::move(loop)) {}

    awaitable<outcome> exchange(request, deadline until) override {
        until_.expires_at(until);
        co_await until_.async_wait(asio::as_tuple(use_awaitable));
        co_return no_answer{no_answer::reason::broken, "reset", true};
    }
    void stop() override {}

private:
    timer until_;
};

TEST_CASE("a call that is cancelled says nothing of the cloud, and gives the probe back") {
    client_fixture f;
    unaware_transport unaware{f.loop.get_executor()};
    client other{f.loop.get_executor(), unaware, f.events, f.news, f.wall, f.settings,
                 [] { return 1.0; }};
    const auto is_cancelled = [&f](client& caller) {
        asio::cancellation_signal cancel;
        bool ended = false;
        asio::co_spawn(
            f.loop.get_executor(), caller.store("{}", "k", patience::once),
            asio::bind_cancellation_slot(
                cancel.slot(), [&ended](std::exception_ptr, reply<written>) { ended = true; }));
        f.settle();
        REQUIRE_FALSE(ended);
        cancel.emit(asio::cancellation_type::terminal);
        REQUIRE(test::run_until(f.loop, [&ended] { return ended; }));
    };
    f.cloud.next_hangs();
    is_cancelled(f.client);
    CHECK(f.client.health().circuit == circuit::state::closed);
    CHECK(f.client.health().last_error.empty());
    f.open_circuit();
    f.cloud.next_hangs();
    is_cancelled(f.client);
    CHECK(f.client.health().circuit == circuit::state::open);
    CHECK(f.client.health().last_error == "connection refused");
    CHECK(f.client.callable());

    for (int i = 0; i < circuit::failures_to_open; ++i)
        is_cancelled(other);
    CHECK(other.health().circuit == circuit::state::closed);
    CHECK(other.health().last_error.empty());
}

TEST_CASE("a client may go while its calls are in flight") {
    asio::io_context loop;
    {
        test::fake_transport cloud{loop.get_executor()};
        test::fake_clock wall;
        events::hub events{loop.get_executor(), wall.now()};
        bell news{loop.get_executor()};
        const auto settings = cloud_settings();
        client gone{loop.get_executor(), cloud, events, news, wall, settings, [] { return 1.0; }};
        cloud.next({503});
        cloud.next_hangs();
        test::start(loop, gone.store("{}", "k1", patience::retries));  // waits to try again
        loop.poll();
        test::start(loop, gone.store("{}", "k2", patience::once));  // waits for an answer
        loop.restart();
        loop.poll();
        CHECK(cloud.exchanges().size() == 2);
    }
    SUCCEED("the loop destroys the calls' frames");
}

}  // namespace
}  // namespace memorypro::cloud
