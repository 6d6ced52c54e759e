#include "insights/poller.hpp"

#include <functional>

#include "cloud/client_fixture.hpp"
#include "insights/fake_inbox.hpp"

namespace memorypro::insights {
namespace {

using namespace std::chrono_literals;

const std::string one_update = R"({"evolution_updates":[{"insight":"a"}]})";

struct poller_fixture : cloud::client_fixture {
    store::fake_inbox inbox;
    insights::processor processor{loop.get_executor(), inbox, events, settings};
    insights::poller poller{loop.get_executor(), client, processor, wall, settings};
    std::shared_ptr<test::outcome<void>> running;

    ~poller_fixture() {
        if (!running) return;
        client.stop();
        poller.stop();
        test::run_until(loop, [this] { return running->done(); });
    }

    void start() { running = test::start(loop, poller.run()); }

    bool polls(std::size_t count) {
        return test::run_until(loop, [&] { return sent() == count; }) &&
               (settle(), sent() == count);
    }

    void reload(const std::function<void(config::settings&)>& change) {
        const auto before = settings;
        change(settings);
        poller.reloaded(before);
    }

    // Of the next poll, as status shows it, from now.
    std::chrono::milliseconds next_in() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(poller.status().next.value() -
                                                                     wall.now());
    }
};

bool is_about(std::chrono::milliseconds time, std::chrono::seconds expected) {
    return time <= expected && time > expected - 1s;
}

TEST_CASE("the first poll is at the start, and what it brings is applied as polled") {
    poller_fixture f;
    f.cloud.next({.status = 200, .body = one_update});
    f.start();
    REQUIRE(f.polls(1));
    CHECK(f.cloud.request(0).target == "/api/v1/memory/insights");
    REQUIRE(f.inbox.recorded_items.size() == 1);
    CHECK(f.inbox.recorded_items[0].text == "a");
    const auto news = f.new_events();
    REQUIRE(news.size() == 1);
    CHECK(news[0].find(R"("source":"poll")") != std::string::npos);
    const auto status = f.poller.status();
    CHECK(status.enabled);
    CHECK(status.last_success == f.wall.now());
    CHECK(is_about(f.next_in(), 60s));
}

TEST_CASE("a failed poll is repeated after ten seconds or what the cloud asks for") {
    poller_fixture f;
    f.cloud.next({.status = 503});
    f.start();
    REQUIRE(f.polls(1));
    CHECK_FALSE(f.poller.status().last_success);
    CHECK(is_about(f.next_in(), 10s));

    f.cloud.next({.status = 429, .retry_after = "300"});
    f.reload([](auto& s) { s.api_key = "key-2"; });
    REQUIRE(f.polls(2));
    CHECK(is_about(f.next_in(), 300s));
}

TEST_CASE("what could not be recorded is asked for again, whole") {
    poller_fixture f;
    f.inbox.record_fails_with = error{errc::full, "no space"};
    f.cloud.next({.status = 200, .body = one_update, .etag = "\"v1\""});
    f.start();
    REQUIRE(f.polls(1));
    CHECK_FALSE(f.poller.status().last_success);
    CHECK(is_about(f.next_in(), 10s));

    f.cloud.next({.status = 200, .body = one_update, .etag = "\"v1\""});
    f.reload([](auto& s) { s.poll_interval = 0s; });
    REQUIRE(test::run_until(f.loop, [&f] { return f.sent() == 2; }));
    f.reload([](auto& s) { s.poll_interval = 60s; });
    f.settle();
    CHECK(test::header(f.cloud.request(1), "If-None-Match").empty());
    CHECK(f.inbox.recorded_items.size() == 1);
}

TEST_CASE("a document that was applied is asked for by its etag") {
    poller_fixture f;
    f.cloud.next({.status = 200, .body = one_update, .etag = "\"v1\""});
    f.start();
    REQUIRE(f.polls(1));
    f.wall.advance(60s);
    f.cloud.next({.status = 304, .etag = "\"v1\""});
    f.reload([](auto& s) { s.poll_interval = 0s; });
    REQUIRE(test::run_until(f.loop, [&f] { return f.sent() == 2; }));
    f.reload([](auto& s) { s.poll_interval = 60s; });
    f.settle();
    CHECK(test::header(f.cloud.request(1), "If-None-Match") == "\"v1\"");
    CHECK(f.poller.status().last_success == f.wall.now());
    CHECK(f.inbox.attempts == 1);
}

TEST_CASE("an etag is kept where the cloud does not repeat it, and dropped with the features") {
    poller_fixture f;
    f.cloud.next({.status = 200, .body = one_update, .etag = "\"v1\""});
    f.cloud.next({.status = 304});
    f.cloud.next({.status = 304});
    f.cloud.next({.status = 200, .body = one_update});
    f.start();
    REQUIRE(f.polls(1));
    const auto poll_again = [&f](std::size_t count, auto change) {
        f.reload([&](auto& s) {
            s.poll_interval = 0s;
            change(s);
        });
        REQUIRE(test::run_until(f.loop, [&] { return f.sent() == count; }));
        f.reload([](auto& s) { s.poll_interval = 60s; });
        f.settle();
        return test::header(f.cloud.request(count - 1), "If-None-Match");
    };
    const auto nothing = [](auto&) {};
    CHECK(poll_again(2, nothing) == "\"v1\"");
    CHECK(poll_again(3, nothing) == "\"v1\"");
    CHECK(poll_again(4, [](auto& s) { s.lifecycle = false; }).empty());
}

TEST_CASE("another account is asked at once, for everything") {
    poller_fixture f;
    f.cloud.next({.status = 200, .body = one_update, .etag = "\"v1\""});
    f.start();
    REQUIRE(f.polls(1));
    f.cloud.next({.status = 200, .body = one_update});
    f.reload([](auto& s) { s.api_secret = "secret-2"; });
    REQUIRE(f.polls(2));
    CHECK(test::header(f.cloud.request(1), "If-None-Match").empty());
    CHECK(test::header(f.cloud.request(1), "X-API-Secret") == "secret-2");
}

TEST_CASE("there is one poll at a time") {
    poller_fixture f;
    f.cloud.next_hangs({.status = 200, .body = one_update});
    f.start();
    REQUIRE(f.polls(1));
    f.reload([](auto& s) { s.poll_interval = 1s; });
    CHECK(f.polls(1));
    CHECK(f.poller.status().next == f.wall.now());
    f.cloud.release();
    REQUIRE(test::run_until(f.loop, [&f] { return f.poller.status().last_success.has_value(); }));
}

TEST_CASE("what a former account's poll brings is not taken for the new one's") {
    poller_fixture f;
    f.cloud.next_hangs({.status = 200, .body = one_update, .etag = "\"v1\""});
    f.start();
    REQUIRE(f.polls(1));
    f.cloud.next({.status = 200, .body = "{}"});
    f.reload([](auto& s) { s.api_key = "key-2"; });
    f.cloud.release();
    REQUIRE(f.polls(2));
    CHECK(test::header(f.cloud.request(1), "If-None-Match").empty());
    CHECK(f.inbox.recorded_items.empty());
}

TEST_CASE("nothing is asked in local mode or with polling off, until a reload says otherwise") {
    poller_fixture f;
    f.settings.enable_polling = false;
    f.start();
    CHECK(f.polls(0));
    CHECK_FALSE(f.poller.status().enabled);
    CHECK_FALSE(f.poller.status().next);
    f.reload([](auto& s) {
        s.enable_polling = true;
        s.api_key.clear();
    });
    CHECK(f.polls(0));
    CHECK_FALSE(f.poller.status().enabled);
    f.cloud.next({.status = 200, .body = one_update});
    f.reload([](auto& s) { s.api_key = "key-2"; });
    CHECK(f.polls(1));
    CHECK(f.poller.status().enabled);
}

TEST_CASE("a stopped poller ends with the poll that is under way") {
    poller_fixture f;
    f.cloud.next_hangs();
    f.start();
    REQUIRE(f.polls(1));
    f.client.stop();
    f.poller.stop();
    CHECK(test::run_until(f.loop, [&f] { return f.running->done(); }));
    CHECK(f.inbox.attempts == 0);
}

}  // namespace
}  // namespace memorypro::insights
