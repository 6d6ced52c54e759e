// The log of insights: each item once, the newest of each kind, under ids that rise.
#include "store/insight_fixture.hpp"

namespace memorypro::store {
namespace {

using source = insight_source;

std::vector<std::int64_t> ids_of(const listing<insight>& page) {
    std::vector<std::int64_t> found;
    for (const auto& one : page.items)
        found.push_back(one.id);
    return found;
}
using numbers = std::vector<std::int64_t>;

new_insight unknown_item(int i) {
    return item_of(insight_kind::unknown, "{\"n\":" + std::to_string(i) + "}");
}

TEST_CASE("an item is recorded once, whichever way it comes") {
    insight_fixture s;
    const auto item = unknown_item(1);
    const auto first = s.record({item, item}, source::push);
    CHECK(first.at(0).is_new);
    CHECK_FALSE(first.at(1).is_new);
    s.clock.advance(std::chrono::hours(1));
    const auto again = s.record({item}, source::poll).at(0);
    CHECK_FALSE(again.is_new);
    CHECK(again.insight.id == first[0].insight.id);
    CHECK(again.insight.source == source::push);
    s.kill();
    CHECK_FALSE(s.record({item}, source::poll).at(0).is_new);
    const auto log = s.log();
    REQUIRE(log.items.size() == 1);
    CHECK(log.items[0].kind == insight_kind::unknown);
    CHECK(log.items[0].payload_json == R"({"n":1})");
    CHECK(log.items[0].received_at == test::at("2025-01-08T12:00:00Z"));
}

TEST_CASE("push and poll that bring the same items at the same moment record each once") {
    insight_fixture s;
    std::vector<new_insight> items;
    for (int i = 0; i < 50; ++i)
        items.push_back(unknown_item(i));
    const auto pushed = test::start(s.loop, s->record_insights(items, source::push, {}, {}));
    const auto polled = test::start(s.loop, s->record_insights(items, source::poll, {}, {}));
    const auto a = test::finish(s.loop, pushed).value();
    const auto b = test::finish(s.loop, polled).value();
    for (std::size_t i = 0; i < items.size(); ++i) {
        CHECK(a[i].is_new != b[i].is_new);
        CHECK(a[i].insight.id == b[i].insight.id);
    }
    CHECK(s.log().total == 50);
}

TEST_CASE("the log is listed from the last id seen, page by page") {
    insight_fixture s;
    for (int i = 1; i <= 5; ++i)
        s.record({unknown_item(i)});
    const auto first = s.log(0, 2);
    CHECK(ids_of(first) == numbers{1, 2});
    CHECK(first.total == 5);
    REQUIRE(first.next == 2);
    const auto second = s.log(*first.next, 2);
    CHECK(ids_of(second) == numbers{3, 4});
    const auto last = s.log(*second.next, 2);
    CHECK(ids_of(last) == numbers{5});
    CHECK_FALSE(last.next);
    CHECK(s.log(5).items.empty());
    CHECK(s.log(5).total == 5);
}

TEST_CASE("a page of large insights ends early and goes on where it ended") {
    insight_fixture s;
    for (int i = 0; i < 5; ++i)
        s.record({item_of(insight_kind::unknown, std::string(1 << 20, char('a' + i)))});
    const auto first = s.log();
    CHECK(ids_of(first) == numbers{1, 2});
    CHECK(ids_of(s.log(first.next.value_or(0))) == numbers{3, 4});
}

TEST_CASE("a snapshot is compared with the latest only: one that comes back is a change") {
    insight_fixture s;
    CHECK_FALSE(s.run(s->latest_memory_insights()));
    const auto is_new = [&](const char* payload, source from) {
        return s.record({snapshot(payload)}, from).at(0).is_new;
    };
    CHECK(is_new("a", source::push));
    CHECK_FALSE(is_new("a", source::poll));
    CHECK(is_new("b", source::poll));
    CHECK(is_new("a", source::poll));
    CHECK_FALSE(is_new("a", source::push));
    s.open();
    CHECK_FALSE(is_new("a", source::push));
    const auto latest = s.run(s->latest_memory_insights());
    REQUIRE(latest);
    CHECK(latest->id == 3);
    CHECK(latest->payload_json == "a");
    CHECK(latest->source == source::poll);
    CHECK(s.log().total == 3);
}

TEST_CASE("what comes while its feature is off is logged, not applied and not announced") {
    insight_fixture s;
    s.add("m1", "tea");
    const auto done =
        s.record({with_feature_off(advice(lifecycle_action::archive, {"m1"})),
                  with_feature_off(snapshot("a")), with_feature_off(learned("prefers tea"))});
    for (const auto& one : done) {
        CHECK(one.is_new);
        CHECK_FALSE(one.recommendation);
        CHECK_FALSE(one.action);
    }
    CHECK(s.log().total == 3);
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK_FALSE(s.run(s->latest_memory_insights()));
    CHECK(s.run(s->find_evolution({"tea"}, 10)).empty());
    CHECK(s.recommendations(recommendation_status::pending).total == 1);
    CHECK_FALSE(s.record_one(with_feature_off(snapshot("a"))).is_new);
}

TEST_CASE("what is known from when its feature was off is learned when it comes again") {
    insight_fixture s;
    s.add("m1", "tea");
    s.record({with_feature_off(advice(lifecycle_action::archive, {"m1"})),
              with_feature_off(snapshot("a")), with_feature_off(learned("prefers tea"))});
    CHECK(s.record_one(snapshot("a")).is_new);
    CHECK(s.run(s->latest_memory_insights())->payload_json == "a");
    for (int again = 0; again < 2; ++again) {
        CHECK_FALSE(s.record_one(learned("prefers tea")).is_new);
        CHECK(s.run(s->find_evolution({"tea"}, 10)).size() == 1);
    }
    // A person may have looked at it since.
    CHECK_FALSE(s.record_one(advice(lifecycle_action::archive, {"m1"})).is_new);
    CHECK(s.recommendations(recommendation_status::pending).total == 1);
    CHECK(s.matches({"tea"}) == ids{"m1"});
}

TEST_CASE("of each kind the newest are kept, and ids are never given twice") {
    insight_fixture s({.most_insights = {.count = 3}});
    s.record_one(snapshot("a"));                           // 1
    s.record_one(advice(lifecycle_action::other, {"m"}));  // 2
    s.record_one(learned("tea in the morning"));           // 3
    for (int i = 0; i < 5; ++i)
        s.record_one(unknown_item(i));  // 4 to 8
    CHECK(ids_of(s.log()) == numbers{1, 2, 3, 6, 7, 8});
    CHECK(s.log().total == 6);
    CHECK(s.record_one(unknown_item(0)).is_new);  // 9, forgotten
    s.open(s.how);
    for (int i = 0; i < 3; ++i) {
        s.record_one(advice(lifecycle_action::other, {"m" + std::to_string(i)}));  // 10, 12, 14
        s.record_one(learned("coffee " + std::to_string(i)));                      // 11, 13, 15
    }
    CHECK(ids_of(s.log()) == numbers{1, 7, 8, 9, 10, 11, 12, 13, 14, 15});
    CHECK(s.recommendations().total == 3);
    CHECK(s.run(s->find_evolution({"tea"}, 10)).empty());
    CHECK(s.run(s->find_evolution({"coffee"}, 10)).size() == 3);
    CHECK(s.run(s->latest_memory_insights())->id == 1);
    CHECK(s.soundness() == "ok");
    sqlite::connection db(s.database(), sqlite::connection::access::read_write);
    CHECK_NOTHROW(
        db.execute("INSERT INTO evolution_fts(evolution_fts, rank) VALUES('integrity-check', 1)"));
}

TEST_CASE("what is learned later, its feature being on again, counts among those that are on") {
    insight_fixture s({.most_insights = {.count = 2}});
    s.record_one(with_feature_off(learned("tea at nine")));  // 1
    s.record_one(learned("tea at ten"));                     // 2
    s.record_one(learned("tea at noon"));                    // 3
    CHECK_FALSE(s.record_one(learned("tea at nine")).is_new);
    CHECK(ids_of(s.log()) == numbers{2, 3});  // the oldest went, although it was learned last
    CHECK(s.run(s->find_evolution({"tea"}, 10)).size() == 2);
    s.open(s.how);
    s.record_one(learned("tea at one"));
    CHECK(s.log().total == 2);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("of each kind as many bytes are kept as may be, and always the newest") {
    insight_fixture s({.most_insights = {.bytes = 1000}});
    const auto large = [](char c, std::size_t bytes) {
        return item_of(insight_kind::unknown, std::string(bytes, c));
    };
    s.record_one(snapshot("a"));  // 1, of another kind
    for (char c = 'a'; c < 'e'; ++c)
        s.record_one(large(c, 250));  // 2 to 5
    CHECK(s.log().total == 5);
    s.record_one(large('e', 251));  // 6
    CHECK(ids_of(s.log()) == numbers{1, 4, 5, 6});
    s.open(s.how);
    s.record_one(large('f', 249));  // 7: 250 + 250 + 251 + 249
    CHECK(ids_of(s.log()) == numbers{1, 4, 5, 6, 7});
    s.record_one(large('g', 2000));  // 8
    CHECK(ids_of(s.log()) == numbers{1, 8});
    s.record_one(large('h', 1000));  // 9
    CHECK(ids_of(s.log()) == numbers{1, 9});
    CHECK(s.run(s->latest_memory_insights())->id == 1);
}

TEST_CASE("the bound of bytes holds for what is learned later, and takes its effect along") {
    insight_fixture s({.most_insights = {.bytes = 30}});
    s.record_one(with_feature_off(learned("tea at nine")));  // 13 bytes each
    s.record_one(learned("tea at noon"));
    s.record_one(learned("tea at four"));
    CHECK(s.log().total == 3);
    s.record_one(learned("tea at nine"));
    CHECK(s.log().total == 2);
    CHECK(s.run(s->find_evolution({"nine"}, 10)).empty());
    CHECK(s.count("SELECT sum(bytes) FROM insights") == 26);
}

}  // namespace
}  // namespace memorypro::store
