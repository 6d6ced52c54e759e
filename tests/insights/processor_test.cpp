#include "insights/processor.hpp"

#include "insights/fake_inbox.hpp"
#include "support/run.hpp"

namespace memorypro::insights {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

struct processor_fixture {
    asio::io_context loop;
    test::fake_clock wall;
    store::fake_inbox inbox;
    events::hub events{loop.get_executor(), wall.now()};
    config::settings settings;
    insights::processor processor{
        loop.get_executor(), inbox, events, settings, {.shortest = 1ms, .longest = 2ms}};
    std::shared_ptr<test::outcome<void>> running;
    std::uint64_t seen = events.last_id();

    ~processor_fixture() {
        if (!running) return;
        processor.stop();
        test::run_until(loop, [this] { return running->done(); });
    }

    void start() { running = test::start(loop, processor.run()); }

    void deliver(std::string id, std::string body) {
        store::delivery given{std::move(id), std::move(body), wall.now()};
        REQUIRE(test::run_with_deadline(loop, inbox.accept_delivery(std::move(given))).value());
        processor.ring();
    }

    bool all_processed() {
        return test::run_until(loop, [this] { return inbox.waiting.empty(); });
    }

    result<applied> apply(std::string_view document,
                          store::insight_source source = store::insight_source::poll) {
        return test::run_with_deadline(loop,
                                       processor.apply(parse_object(document).value(), source));
    }

    // Names of the events since the last call.
    strings new_events() {
        strings names;
        for (const auto& one : events.since(seen, 1000))
            names.emplace_back(one.name);
        seen = events.last_id();
        return names;
    }
};

std::string update_delivery(const std::string& text) {
    return R"({"event_type":"evolution_updates","data":{"updates":[{"insight":")" + text + "\"}]}}";
}

TEST_CASE("what waits from before a restart is processed at the start") {
    processor_fixture f;
    f.deliver("d1", update_delivery("a"));
    f.deliver("d2", update_delivery("b"));
    f.start();
    REQUIRE(f.all_processed());
    REQUIRE(f.inbox.recorded_items.size() == 2);
    CHECK(f.inbox.recorded_items[0].text == "a");
    CHECK(f.inbox.recorded_items[1].text == "b");
    CHECK(f.inbox.transactions == std::vector<std::size_t>{2});
}

TEST_CASE("a delivery that is rung for is processed at once") {
    processor_fixture f;
    f.start();
    REQUIRE(test::run_until(f.loop, [&f] { return f.inbox.asked_for.size() == 1; }));
    f.deliver("d1", update_delivery("a"));
    REQUIRE(f.all_processed());
    CHECK(f.inbox.recorded_items.size() == 1);
}

TEST_CASE("each new item is announced with what became of it, a known one is not") {
    processor_fixture f;
    f.start();
    f.deliver("d1", R"({"lifecycle_recommendations":[{"action":"archive","memory_ids":["m1"]},)"
                    R"({"action":"delete","memory_ids":["m2"]}],)"
                    R"("discovered_actions":[{"title":"t"}],"memory_insights":{"n":1}})");
    REQUIRE(f.all_processed());
    CHECK(f.new_events() == strings{"insight.received", "recommendation.received",
                                    "recommendation.applied", "insight.received",
                                    "recommendation.received", "insight.received",
                                    "insight.received", "action.discovered"});
    f.deliver("d2", R"({"memory_insights":{"n":1}})");
    REQUIRE(f.all_processed());
    CHECK(f.new_events().empty());
}

TEST_CASE("an event's data is the item as the API shows it") {
    processor_fixture f;
    REQUIRE(f.apply(R"({"lifecycle_recommendations":[)"
                    R"({"action":"archive","memory_ids":["m1"],"reason":"old"}]})"));
    const auto news = f.events.since(f.seen, 10);
    REQUIRE(news.size() == 3);
    CHECK(news[0].data ==
          R"({"id":"1","kind":"lifecycle_recommendation","payload":)"
          R"({"action":"archive","memory_ids":["m1"],"reason":"old"},"source":"poll",)"
          R"("received_at":"2025-01-08T12:00:00.000000Z"})");
    CHECK(news[1].data ==
          R"({"id":"1","action":"archive","memory_ids":["m1"],"reason":"old","status":"applied",)"
          R"("source":"poll","received_at":"2025-01-08T12:00:00.000000Z"})");
    CHECK(news[2].data == news[1].data);
}

TEST_CASE("a feature that is off makes its items news and nothing more") {
    processor_fixture f;
    f.settings.lifecycle = false;
    REQUIRE(f.apply(R"({"lifecycle_recommendations":[{"action":"archive"}]})"));
    CHECK(f.new_events() == strings{"insight.received"});
    CHECK_FALSE(f.inbox.recorded_items.at(0).enabled);
}

TEST_CASE("poll and push bring an item once") {
    processor_fixture f;
    f.start();
    f.deliver("d1", update_delivery("a"));
    REQUIRE(f.all_processed());
    const auto polled = f.apply(R"({"evolution_updates":[{"insight":"a"},{"insight":"b"}]})");
    REQUIRE(polled);
    CHECK(polled->items == 2);
    CHECK(polled->fresh == 1);
    CHECK(f.new_events() == strings{"insight.received", "insight.received"});
}

TEST_CASE("a document without items is nothing") {
    processor_fixture f;
    const auto done = f.apply("{}");
    REQUIRE(done);
    CHECK(done->items == 0);
    CHECK(f.inbox.attempts == 0);
}

TEST_CASE("what apply cannot record is its caller's to try again") {
    processor_fixture f;
    f.inbox.record_fails_with = error{errc::full, "no space"};
    const auto done = f.apply(R"({"memory_insights":{"n":1}})");
    REQUIRE_FALSE(done);
    CHECK(done.error().code == errc::full);
    CHECK(f.new_events().empty());
}

TEST_CASE("many items are recorded in pieces, and the deliveries are done with the last") {
    processor_fixture f;
    std::string body = R"({"evolution_updates":[)";
    for (int i = 0; i < 2500; ++i)
        body += (i == 0 ? "" : ",") + ("{\"insight\":\"" + std::to_string(i) + "\"}");
    f.deliver("d1", body + "]}");
    f.start();
    REQUIRE(f.all_processed());
    CHECK(f.inbox.recorded_items.size() == 2500);
    CHECK(f.inbox.transactions == std::vector<std::size_t>{1024, 1024, 452});
}

TEST_CASE("deliveries that could not be recorded are recorded later, one at a time at first") {
    processor_fixture f;
    f.inbox.record_fails_with = error{errc::full, "no space"};
    f.deliver("d1", update_delivery("a"));
    f.deliver("d2", update_delivery("b"));
    f.start();
    REQUIRE(f.all_processed());
    CHECK(f.inbox.recorded_items.size() == 2);
    REQUIRE(f.inbox.asked_for.size() >= 3);
    CHECK(f.inbox.asked_for[0] > 1);
    CHECK(f.inbox.asked_for[1] == 1);
    CHECK(f.inbox.asked_for[2] > 1);
}

TEST_CASE("a delivery that can never be recorded is kept as it came and holds up no other") {
    processor_fixture f;
    f.inbox.breaks_at = [](const store::new_insight& item) { return item.text == "poison"; };
    f.deliver("d1", update_delivery("poison"));
    f.deliver("d2", update_delivery("b"));
    f.start();
    REQUIRE(f.all_processed());
    REQUIRE(f.inbox.recorded_items.size() == 2);
    CHECK(f.inbox.recorded_items[0].kind == store::insight_kind::unknown);
    CHECK(f.inbox.recorded_items[0].payload_json ==
          to_json(json::value(update_delivery("poison"))));
    CHECK(f.inbox.recorded_items[1].text == "b");
}

TEST_CASE("a full disk is waited for, however long, and then the delivery is applied") {
    processor_fixture f;
    f.inbox.full_for = 10;
    f.deliver("d1", R"({"lifecycle_recommendations":[{"action":"archive","memory_ids":["m1"]}]})");
    f.start();
    REQUIRE(f.all_processed());
    CHECK(f.inbox.attempts == 11);
    REQUIRE(f.inbox.recorded_items.size() == 1);
    CHECK(f.inbox.recorded_items[0].action == store::lifecycle_action::archive);
    CHECK(f.new_events() ==
          strings{"insight.received", "recommendation.received", "recommendation.applied"});
}

TEST_CASE("a full disk after a delivery that breaks is not held against the next one") {
    processor_fixture f;
    bool fills_up = true;
    f.inbox.breaks_at = [&](const store::new_insight& item) {
        if (item.text == "b" && std::exchange(fills_up, false)) f.inbox.full_for = 5;
        return item.text == "poison";
    };
    f.deliver("d1", update_delivery("poison"));
    f.deliver("d2", update_delivery("b"));
    f.start();
    REQUIRE(f.all_processed());
    REQUIRE(f.inbox.recorded_items.size() == 2);
    CHECK(f.inbox.recorded_items[0].kind == store::insight_kind::unknown);
    CHECK(f.inbox.recorded_items[1].text == "b");
}

TEST_CASE("a delivery that is recorded at another attempt is kept as it was read") {
    processor_fixture f;
    f.inbox.breaks_at = [&f](const store::new_insight&) { return f.inbox.attempts <= 2; };
    f.deliver("d1", update_delivery("a"));
    f.start();
    REQUIRE(f.all_processed());
    REQUIRE(f.inbox.recorded_items.size() == 1);
    CHECK(f.inbox.recorded_items[0].text == "a");
}

TEST_CASE("a transaction is about a bounded number of memories") {
    processor_fixture f;
    std::string cites = "1";
    for (int i = 2; i <= 400; ++i)
        cites += ',' + std::to_string(i);
    std::string document;
    for (const char* reason : {"a", "b", "c", "d"})
        document += (document.empty() ? "" : ",") +
                    std::string(R"({"action":"archive","reason":")") + reason +
                    R"(","memory_ids":[)" + cites + "]}";
    REQUIRE(f.apply(R"({"lifecycle_recommendations":[)" + document + "]}"));
    CHECK(f.inbox.transactions == std::vector<std::size_t>{2, 2});
}

TEST_CASE("a stopped processor leaves what waits") {
    processor_fixture f;
    f.inbox.breaks_at = [](const store::new_insight&) { return true; };
    f.deliver("d1", update_delivery("a"));
    f.start();
    REQUIRE(test::run_until(f.loop, [&f] { return f.inbox.attempts == 1; }));
    f.processor.stop();
    REQUIRE(test::run_until(f.loop, [&f] { return f.running->done(); }));
    CHECK(f.inbox.waiting.size() == 1);
}

// One, and while it is recorded another of so many bytes, three times.
void stream_four(processor_fixture& f, std::size_t body_bytes) {
    int more = 3;
    f.inbox.breaks_at = [&](const store::new_insight&) {
        const auto number = std::to_string(more);
        if (more-- > 0) {
            f.inbox.waiting.push_back({"more " + number, update_delivery(number), f.wall.now()});
            f.processor.ring(body_bytes);
        }
        return false;
    };
    f.deliver("d1", update_delivery("first"));
    f.start();
    REQUIRE(test::run_until(f.loop, [&f] { return f.inbox.recorded_items.size() == 4; }));
    REQUIRE(f.inbox.asked_for.size() >= 3);
}

TEST_CASE("while deliveries come in they are recorded in short turns") {
    processor_fixture f;
    stream_four(f, 100);
    CHECK(f.inbox.asked_for[1] < f.inbox.asked_for[0]);
    CHECK(f.inbox.asked_for[2] == f.inbox.asked_for[1]);
}

TEST_CASE("once much waits it is recorded in long turns, whatever comes in") {
    processor_fixture f;
    stream_four(f, std::size_t{65} << 20);
    CHECK(f.inbox.asked_for[1] == f.inbox.asked_for[0]);
    CHECK(f.inbox.asked_for[2] == f.inbox.asked_for[0]);
}

}  // namespace
}  // namespace memorypro::insights
