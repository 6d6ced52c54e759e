// Discovered actions: urgent first, then oldest first.
#include "store/insight_fixture.hpp"

namespace memorypro::store {
namespace {

using titles = std::vector<std::string>;

titles titles_of(const std::vector<action>& actions) {
    titles found;
    for (const auto& one : actions)
        found.push_back(one.title);
    return found;
}

titles all_pages(insight_fixture& s, std::optional<action_status> wanted, std::size_t limit) {
    titles found;
    std::optional<std::string> cursor;
    for (;;) {
        const auto page = s.run(s->list_actions(wanted, cursor, limit));
        for (const auto& one : page.items)
            found.push_back(one.title);
        if (!page.next) return found;
        cursor = std::to_string(*page.next);
    }
}

TEST_CASE("a discovered action is kept as it was told, once") {
    insight_fixture s;
    auto item = to_do("reply to Ada", priority::high);
    item.type = "task";
    item.description = "about tea";
    item.memory_ids = {"m1", "m2"};
    const auto done = s.record({item}, insight_source::recall).at(0);
    REQUIRE(done.action);
    CHECK(done.action->id == done.insight.id);
    CHECK_FALSE(s.record({item}, insight_source::poll).at(0).action);
    s.open();
    const auto page = s.run(s->list_actions({}, {}, 10));
    CHECK(page.total == 1);
    REQUIRE(page.items.size() == 1);
    const auto& kept = page.items[0];
    CHECK(kept.type == "task");
    CHECK(kept.title == "reply to Ada");
    CHECK(kept.description == "about tea");
    CHECK(kept.priority == priority::high);
    CHECK(kept.status == action_status::pending);
    CHECK(kept.memory_id == "m1");
    CHECK(kept.source == insight_source::recall);
    CHECK(kept.created_at == s.clock.now());
    CHECK(kept.updated_at == s.clock.now());
}

TEST_CASE("actions are listed urgent first, then oldest first, in pages of any size") {
    insight_fixture s;
    s.record({to_do("low", priority::low), to_do("medium 1"), to_do("urgent 1", priority::urgent),
              to_do("high", priority::high), to_do("medium 2"),
              to_do("urgent 2", priority::urgent)});
    const titles in_order{"urgent 1", "urgent 2", "high", "medium 1", "medium 2", "low"};
    for (const std::size_t limit : {1u, 2u, 3u, 6u, 100u}) {
        CAPTURE(limit);
        CHECK(all_pages(s, {}, limit) == in_order);
    }
    // What comes while the pages are read stands in nobody's way.
    const auto first = s.run(s->list_actions({}, {}, 3));
    s.record_one(to_do("urgent 3", priority::urgent));
    s.record_one(to_do("medium 3"));
    const auto rest = s.run(s->list_actions({}, std::to_string(*first.next), 100));
    CHECK(titles_of(rest.items) == titles{"medium 1", "medium 2", "medium 3", "low"});
    CHECK(rest.total == 8);
}

TEST_CASE("an action's status is changed and listed by") {
    insight_fixture s;
    const auto id = s.record_one(to_do("reply")).insight.id;
    s.record({to_do("wait"), to_do("call", priority::urgent)});
    const auto created = s.clock.now();
    s.clock.advance(std::chrono::minutes(5));
    const auto changed = s.run(s->set_action_status(id, action_status::completed));
    REQUIRE(changed);
    CHECK(changed->status == action_status::completed);
    CHECK(changed->created_at == created);
    CHECK(changed->updated_at == s.clock.now());
    CHECK(all_pages(s, action_status::completed, 10) == titles{"reply"});
    CHECK(all_pages(s, action_status::pending, 1) == titles{"call", "wait"});
    CHECK(s.run(s->list_actions(action_status::pending, {}, 1)).total == 2);
    CHECK(s.run(s->set_action_status(99, action_status::failed)).error().code == errc::not_found);
    CHECK_FALSE(s.record_one(to_do("reply")).is_new);
    CHECK(all_pages(s, action_status::completed, 10) == titles{"reply"});
}

TEST_CASE("a cursor that no page gave is said to be wrong") {
    insight_fixture s;
    for (const char* cursor : {"", "x", "1x", " 1", "99999999999999999999"}) {
        CAPTURE(cursor);
        try {
            s.run(s->list_actions({}, cursor, 10));
            FAIL("it was taken");
        } catch (const failed& refused) {
            CHECK(refused.why().code == errc::invalid_field);
            CHECK(refused.why().fields.at(0).field == "cursor");
        }
    }
}

}  // namespace
}  // namespace memorypro::store
