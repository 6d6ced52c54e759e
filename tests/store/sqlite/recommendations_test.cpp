// What the cloud's advice does to memories, whichever of their ids it names.
#include "store/insight_fixture.hpp"

namespace memorypro::store {
namespace {

using enum lifecycle_action;
using status = recommendation_status;

priority priority_of(insight_fixture& s, const std::string& id) {
    return s.run(s->find_memory(id))->what.priority;
}

TEST_CASE("advice to archive hides memories from recall at once, and says so") {
    insight_fixture s;
    s.add("m1", "tea");
    s.add("m2", "tea");
    const bool indexed = GENERATE(true, false);
    if (indexed) s.matches({"tea"});
    const auto done = s.record_one(advice(archive, {"m1"}));
    CHECK(done.is_new);
    REQUIRE(done.recommendation);
    CHECK(done.recommendation->id == done.insight.id);
    CHECK(done.recommendation->status == status::applied);
    CHECK(done.recommendation->memory_ids == ids{"m1"});
    CHECK(done.recommendation->reason == "because");
    CHECK(s.matches({"tea"}) == ids{"m2"});
    CHECK(s.matches({"tea"}, {.include_archived = true}).size() == 2);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("advice that comes again, by push or poll, is not applied again") {
    insight_fixture s;
    s.add("m1", "tea");
    s.record_one(advice(archive, {"m1"}));
    s.run(s->amend_memory("m1", {.archived = false}));
    const auto again = s.record({advice(archive, {"m1"})}, insight_source::poll).at(0);
    CHECK_FALSE(again.is_new);
    CHECK_FALSE(again.recommendation);
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK(s.recommendations().total == 1);
}

TEST_CASE("a copy of the cloud's is archived by either id, and stays hidden") {
    insight_fixture s;
    const std::string id = GENERATE("m1", "cloud-m1");
    s.sync(memory_of("m1", "tea"), after_sync::keep_copy);
    s.record_one(advice(archive, {id}));
    CHECK(s.known("cloud-m1").copy->archived);
    CHECK_FALSE(s.known("cloud-m1").archived);
    CHECK(s.matches({"tea"}).empty());
    while (s.run(s->trim_copies(0))) {
    }
    CHECK(s.known("cloud-m1").copy);
}

TEST_CASE("what is only in the cloud is archived by a mark, by either id") {
    insight_fixture s;
    const std::string id = GENERATE("m1", "cloud-m1");
    s.sync(memory_of("m1", "tea"), after_sync::drop_copy);
    CHECK_FALSE(s.known("cloud-m1").archived);
    s.record_one(advice(archive, {id}));
    CHECK(s.known("cloud-m1").archived);
    CHECK_FALSE(s.known("cloud-m1").deleted);
    s.open();
    CHECK(s.known("cloud-m1").archived);
    CHECK(s.known("cloud-m1").local_id == "m1");
    // Stored again under its id it is what it was: archived.
    s.upsert(memory_of("m1", "green tea"), outbound{});
    CHECK(s.run(s->find_memory("m1"))->archived);
    CHECK_FALSE(s.known("cloud-m1").archived);
    s.run(s->amend_memory("m1", {.archived = false}));
    s.send_all(after_sync::drop_copy);
    CHECK_FALSE(s.known("cloud-m1").archived);
}

TEST_CASE("an id that nothing here knows is the cloud's, where there is one") {
    insight_fixture s;
    s.record_one(advice(archive, {"cloud-7"}), unknown_ids::are_errors);
    s.record_one(advice(prioritize, {"cloud-7"}), unknown_ids::are_the_clouds);
    CHECK(s.count("SELECT count(*) FROM cloud_ids") == 0);
    s.record_one(advice(archive, {"cloud-7", "cloud-8"}), unknown_ids::are_the_clouds);
    CHECK(s.known("cloud-7").archived);
    CHECK_FALSE(s.known("cloud-7").local_id);
    s.remove("cloud-7", unknown_ids::are_the_clouds);
    CHECK(s.known("cloud-7").deleted);
    CHECK_FALSE(s.known("cloud-7").archived);
    s.record_one(advice(archive, {"cloud-7"}));
    CHECK_FALSE(s.known("cloud-7").archived);
    CHECK(s.known("cloud-8").archived);
}

TEST_CASE("what was archived by the cloud's id stays so when it is stored under that id") {
    insight_fixture s;
    s.record_one(advice(archive, {"cloud-7"}), unknown_ids::are_the_clouds);
    CHECK(s.upsert(memory_of("cloud-7", "tea"), outbound{.call = cloud_call::sync}).created);
    CHECK(s.run(s->find_memory("cloud-7"))->archived);
    CHECK(s.matches({"tea"}).empty());
    CHECK_FALSE(s.known("cloud-7").archived);  // the memory here says so
    s.run(s->amend_memory("cloud-7", {.archived = false}));
    auto done = settle_as(s.claim_entry(), kind::done);
    done.cloud_id = "cloud-7";
    s.settle(done);
    CHECK(s.matches({"tea"}) == ids{"cloud-7"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a memory stored under the cloud's id of another leaves that one its mark") {
    insight_fixture s;
    s.sync(memory_of("m1", "tea"), after_sync::drop_copy);
    s.record_one(advice(archive, {"m1"}));
    CHECK(s.upsert(memory_of("cloud-m1", "milk"), outbound{.call = cloud_call::sync}).created);
    CHECK(s.run(s->find_memory("cloud-m1"))->archived);
    CHECK(s.known("cloud-m1").archived);  // m1, of which nothing is here
    s.upsert(memory_of("m1", "green tea"), outbound{.call = cloud_call::sync});
    CHECK(s.run(s->find_memory("m1"))->archived);
    CHECK(s.matches({"tea"}).empty());
}

TEST_CASE("advice about a memory whose cloud id is not known here yet holds once it is") {
    insight_fixture s;
    const auto policy = GENERATE(after_sync::keep_copy, after_sync::drop_copy);
    s.queue("m1");
    s.record_one(advice(archive, {"cloud-m1"}));
    CHECK(s.known("cloud-m1").archived);
    CHECK(s.matches({"tea"}) == ids{"m1"});
    s.send_all(policy);
    CHECK(s.matches({"tea"}).empty());
    CHECK(s.run(s->find_memory("m1"))->archived);
    CHECK(s.known("cloud-m1").copy->archived);
    CHECK_FALSE(s.known("cloud-m1").archived);
    s.check_totals();
    CHECK(s.soundness() == "ok");
}

TEST_CASE("the mark stays with a memory that the cloud stored and no copy here says so") {
    insight_fixture s;
    s.record_one(advice(archive, {"cloud-m1", "cloud-m2"}));
    REQUIRE(s.run(s->record_synced("m1", "cloud-m1", {})));
    CHECK(s.known("cloud-m1").archived);
    CHECK(s.known("cloud-m1").local_id == "m1");
    REQUIRE(s.run(s->keep_copy(memory_of("m2", "tea"), "cloud-m2")));
    CHECK(s.known("cloud-m2").archived);
    CHECK(s.matches({"tea"}).empty());
}

TEST_CASE("advice about what is here and waits holds when a call tells its cloud id") {
    insight_fixture s;
    s.queue("m1");
    s.record_one(advice(archive, {"cloud-m1"}));
    REQUIRE(s.run(s->record_synced("m1", "cloud-m1", {})));
    CHECK(s.known("cloud-m1").copy->archived);
    CHECK(s.matches({"tea"}).empty());
}

TEST_CASE("a mark does not stand in the way of a tombstone") {
    insight_fixture s;
    s.queue("m1");
    const auto entry = s.claim_entry();
    s.remove("m1");
    s.record_one(advice(archive, {"cloud-m1"}));
    s.settle(settle_as(entry, kind::done));
    CHECK(s.known("cloud-m1").deleted);
}

TEST_CASE("advice to prioritize raises a priority to high and lowers none") {
    insight_fixture s;
    for (const auto& [id, before] : {std::pair{"low", priority::low},
                                     {"medium", priority::medium},
                                     {"high", priority::high},
                                     {"urgent", priority::urgent}}) {
        auto m = memory_of(id, "tea");
        m.what.priority = before;
        s.add(m);
    }
    s.record_one(advice(prioritize, {"low", "medium", "high", "urgent", "unknown"}));
    CHECK(priority_of(s, "low") == priority::high);
    CHECK(priority_of(s, "medium") == priority::high);
    CHECK(priority_of(s, "high") == priority::high);
    CHECK(priority_of(s, "urgent") == priority::urgent);
}

TEST_CASE("a queued memory that is prioritized is a new revision for the cloud; archived is none") {
    insight_fixture s;
    s.queue("m1");
    s.queue("m2");
    s.record({advice(prioritize, {"m1"}), advice(archive, {"m2"})});
    auto lane = s.claim({.lanes = 1}).lanes.at(0);
    REQUIRE(lane.entries.size() == 2);
    CHECK(lane.entries[0].revision == 1);
    CHECK(lane.entries[0].memory.what.priority == priority::high);
    CHECK(lane.entries[1].revision == 0);
    CHECK(lane.entries[1].memory.archived);
}

TEST_CASE("a synced copy that is prioritized stays synced") {
    insight_fixture s;
    s.sync(memory_of("m1", "tea"));
    s.record_one(advice(prioritize, {"cloud-m1"}));
    CHECK(priority_of(s, "m1") == priority::high);
    CHECK(s.state_of("m1") == sync_state::synced);
    CHECK(s.items().total == 0);
}

TEST_CASE(
    "a copy that is prioritized is still a copy: it is trimmed, and what is newer replaces it") {
    insight_fixture s;
    for (const char* id : {"m1", "m2"})
        REQUIRE(s.run(s->keep_copy(memory_of(id, "tea"), "cloud-" + std::string(id))));
    CHECK_FALSE(s.run(s->trim_copies(1000)));  // counted from here on
    s.record_one(advice(prioritize, {"m1", "cloud-m2"}));
    CHECK(priority_of(s, "m1") == priority::high);
    SECTION("it is trimmed") {
        while (s.run(s->trim_copies(3))) {
        }
        CHECK(s.listed() == ids{"m2"});
        while (s.run(s->trim_copies(0))) {
        }
        CHECK(s.listed().empty());
    }
    SECTION("the cloud has got a newer one, and no copy of it is kept") {
        REQUIRE(s.run(s->record_synced("m1", "cloud-m1", {})));
        CHECK(s.listed() == ids{"m2"});
    }
    SECTION("a newer one is kept") {
        REQUIRE(s.run(s->keep_copy(memory_of("m1", "coffee"), "cloud-m1")));
        CHECK(s.run(s->find_memory("m1"))->what.content == "coffee");
        CHECK(s.matches({"tea"}) == ids{"m2"});
    }
    CHECK(s.soundness() == "ok");
}

TEST_CASE("what is prioritized and is no copy becomes none") {
    insight_fixture s;
    s.sync(memory_of("kept", "tea"), after_sync::keep_memory);
    s.add("local", "tea");
    s.record_one(advice(prioritize, {"kept", "local"}));
    while (s.run(s->trim_copies(0))) {
    }
    CHECK(s.listed() == ids{"local", "kept"});
}

TEST_CASE("advice to delete waits until it is applied, and then leaves tombstones") {
    insight_fixture s;
    s.add("local", "tea");
    s.sync(memory_of("copied", "tea"));
    s.sync(memory_of("dropped", "tea"), after_sync::drop_copy);
    s.queue("queued");
    const auto done = s.record_one(
        advice(remove, {"local", "cloud-copied", "dropped", "queued", "cloud-unknown", "local"}));
    REQUIRE(done.recommendation);
    CHECK(done.recommendation->status == status::pending);
    CHECK(done.recommendation->action == "delete");
    CHECK(s.listed().size() == 3);
    s.kill();
    const auto applied = s.apply(done.insight.id);
    REQUIRE(applied);
    CHECK(applied->is_new);
    CHECK(applied->recommendation.status == status::applied);
    CHECK(s.listed().empty());
    CHECK(s.items().total == 0);
    for (const char* id : {"cloud-copied", "cloud-dropped", "cloud-unknown"})
        CHECK(s.known(id).deleted);
    s.check_totals();
    CHECK(s.soundness() == "ok");
}

TEST_CASE("without a cloud a delete that is applied leaves no tombstone of what nobody knows") {
    insight_fixture s;
    s.add("m1", "tea");
    const auto done = s.record_one(advice(remove, {"m1", "cloud-7"}), unknown_ids::are_errors);
    REQUIRE(s.apply(done.insight.id, unknown_ids::are_errors));
    CHECK(s.listed().empty());
    CHECK(s.count("SELECT count(*) FROM cloud_ids") == 0);
}

TEST_CASE("what came while the feature was off can be applied by hand") {
    insight_fixture s;
    s.add("m1", "tea");
    const auto done = s.record(
        {with_feature_off(advice(archive, {"m1"})), with_feature_off(advice(prioritize, {"m1"}))});
    REQUIRE(s.apply(done[0].insight.id));
    CHECK(s.matches({"tea"}).empty());
    CHECK(priority_of(s, "m1") == priority::medium);
    REQUIRE(s.apply(done[1].insight.id));
    CHECK(priority_of(s, "m1") == priority::high);
}

TEST_CASE("advice of which nothing can come is shown, not applied, and can be dismissed") {
    insight_fixture s;
    s.add("m1", "tea");
    const auto given = GENERATE(advice(other, {"m1"}), advice(archive, {}), advice(prioritize, {}),
                                advice(remove, {}));
    const auto done = s.record_one(given);
    CHECK(done.recommendation->status == status::pending);
    CHECK(s.apply(done.insight.id).error().code == errc::inapplicable);
    CHECK(s.recommendations(status::pending).total == 1);
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK(s.run(s->dismiss_recommendation(done.insight.id))->is_new);
}

TEST_CASE("what an earlier version called applied, and did nothing, stays so") {
    insight_fixture s;
    const auto id = s.record_one(advice(other, {"m1"})).insight.id;
    s.close();
    sqlite::connection(s.database(), sqlite::connection::access::read_write)
        .execute("UPDATE recommendations SET status = 1");
    s.open();
    CHECK_FALSE(s.apply(id)->is_new);
}

TEST_CASE(
    "a recommendation is decided once: the same again does nothing, the other is a conflict") {
    insight_fixture s;
    s.add("m1", "tea");
    const auto first = s.record_one(advice(remove, {"m1"})).insight.id;
    const auto second = s.record_one(advice(remove, {"m1", "m2"})).insight.id;
    const auto dismiss = [&](std::int64_t id) { return s.run(s->dismiss_recommendation(id)); };
    CHECK(dismiss(first)->is_new);
    CHECK(s.apply(first).error().code == errc::conflict);
    CHECK_FALSE(dismiss(first)->is_new);
    CHECK(dismiss(first)->recommendation.status == status::dismissed);
    CHECK(s.listed() == ids{"m1"});
    CHECK(s.apply(second)->is_new);
    s.add("m1", "stored again");
    const auto again = s.apply(second);
    REQUIRE(again);
    CHECK_FALSE(again->is_new);
    CHECK(again->recommendation.status == status::applied);
    CHECK(again->recommendation.memory_ids == ids{"m1", "m2"});
    CHECK(s.listed() == ids{"m1"});
    CHECK(dismiss(second).error().code == errc::conflict);
    CHECK(s.apply(99).error().code == errc::not_found);
    CHECK(dismiss(99).error().code == errc::not_found);
    s.open();
    CHECK(s.apply(first).error().code == errc::conflict);
}

TEST_CASE("what was archived is shown again when that is dismissed, and stays so") {
    insight_fixture s;
    s.add("m1", "tea");
    s.add("m2", "tea");
    const auto id = s.record_one(advice(archive, {"m1", "gone", "m2"})).insight.id;
    s.run(s->amend_memory("m2", {.archived = false}));
    CHECK(s.matches({"tea"}) == ids{"m2"});
    const auto dismissed = s.run(s->dismiss_recommendation(id));
    REQUIRE(dismissed);
    CHECK(dismissed->is_new);
    CHECK(dismissed->recommendation.status == status::dismissed);
    CHECK(s.matches({"tea"}).size() == 2);
    s.run(s->amend_memory("m1", {.archived = true}));
    CHECK_FALSE(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK(s.matches({"tea"}) == ids{"m2"});
    CHECK(s.apply(id).error().code == errc::conflict);
    CHECK_FALSE(s.record_one(advice(archive, {"m1", "gone", "m2"})).is_new);
    CHECK(s.matches({"tea"}) == ids{"m2"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("what was archived and is only in the cloud is shown again, by either id") {
    insight_fixture s;
    const std::string id = GENERATE("m1", "cloud-m1");
    s.sync(memory_of("m1", "tea"), after_sync::drop_copy);
    const auto advised = s.record_one(advice(archive, {id})).insight.id;
    const auto unknown = s.record_one(advice(archive, {"cloud-7"})).insight.id;
    CHECK(s.known("cloud-m1").archived);
    CHECK(s.known("cloud-7").archived);
    CHECK(s.run(s->dismiss_recommendation(advised))->is_new);
    CHECK(s.run(s->dismiss_recommendation(unknown))->is_new);
    s.open();
    CHECK_FALSE(s.known("cloud-m1").archived);
    CHECK_FALSE(s.known("cloud-m1").deleted);
    CHECK_FALSE(s.known("cloud-7").archived);
}

TEST_CASE("what was archived is shown again under the name that the cloud has for it by then") {
    insight_fixture s;
    s.sync(memory_of("m1", "tea"), after_sync::drop_copy);
    const auto id = s.record_one(advice(archive, {"cloud-m1"})).insight.id;
    s.run(s->record_synced("m1", "cloud-other", {}));
    REQUIRE(s.known("cloud-other").archived);
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK_FALSE(s.known("cloud-other").archived);
    CHECK(s.known("cloud-m1").deleted);
}

TEST_CASE("what was archived under the cloud's id only is shown again once that is an id here") {
    insight_fixture s;
    const auto id = s.record_one(advice(archive, {"mem-1"})).insight.id;
    s.run(s->record_synced("mem-1", "mem-2", {}));
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK_FALSE(s.known("mem-1").archived);
    CHECK_FALSE(s.known("mem-2").archived);
}

TEST_CASE("an archiving that is undone leaves nothing of an id that nobody has") {
    insight_fixture s;
    const auto id = s.record_one(advice(archive, {"mem-1"})).insight.id;
    CHECK(s.count("SELECT count(*) FROM cloud_ids") == 1);
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK(s.count("SELECT count(*) FROM cloud_ids") == 0);
}

TEST_CASE("what a person or another recommendation has archived stays so") {
    insight_fixture s;
    for (const char* name : {"by hand", "by both", "by the second"})
        s.add(name, "tea");
    s.sync(memory_of("away", "tea"), after_sync::drop_copy);
    s.run(s->amend_memory("by hand", {.archived = true}));
    const auto first = s.record_one(advice(archive, {"by hand", "by both", "away"})).insight.id;
    const auto second =
        s.record_one(advice(archive, {"by both", "by the second", "cloud-away"})).insight.id;
    CHECK(s.run(s->dismiss_recommendation(second))->is_new);
    CHECK(s.matches({"tea"}) == ids{"by the second"});
    CHECK(s.known("cloud-away").archived);
    CHECK(s.run(s->dismiss_recommendation(first))->is_new);
    CHECK(s.matches({"tea"}).size() == 2);
    CHECK_FALSE(s.known("cloud-away").archived);
    CHECK(s.run(s->find_memory("by hand"))->archived);
}

TEST_CASE("what a person has shown and hidden since, or stored anew, stays hidden") {
    insight_fixture s;
    s.add("m1", "tea");
    s.add("m2", "tea");
    const auto id = s.record_one(advice(archive, {"m1", "m2"})).insight.id;
    s.run(s->amend_memory("m1", {.archived = false}));
    s.run(s->amend_memory("m1", {.archived = true}));
    s.remove("m2");
    s.add("m2", "tea again");
    s.run(s->amend_memory("m2", {.archived = true}));
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK(s.matches({"tea"}).empty());
}

TEST_CASE(
    "of two that share an id, the cloud's of one and ours of the other, each is undone alone") {
    insight_fixture s;
    s.sync(memory_of("m1", "tea"), after_sync::drop_copy);
    s.upsert(memory_of("cloud-m1", "milk"), outbound{});
    const auto of_tea = s.record_one(advice(archive, {"m1"})).insight.id;
    const auto of_milk = s.record_one(advice(archive, {"cloud-m1"})).insight.id;
    CHECK(s.run(s->dismiss_recommendation(of_milk))->is_new);
    CHECK(s.matches({"milk"}) == ids{"cloud-m1"});
    CHECK(s.known("cloud-m1").archived);
    CHECK(s.run(s->dismiss_recommendation(of_tea))->is_new);
    CHECK_FALSE(s.known("cloud-m1").archived);
}

TEST_CASE("a memory that was hidden for its cloud's id is shown again with that") {
    insight_fixture s;
    s.sync(memory_of("m1", "tea"), after_sync::drop_copy);
    const auto id = s.record_one(advice(archive, {"cloud-m1"})).insight.id;
    s.upsert(memory_of("cloud-m1", "milk"), outbound{});
    CHECK(s.run(s->find_memory("cloud-m1"))->archived);
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK_FALSE(s.run(s->find_memory("cloud-m1"))->archived);
    CHECK_FALSE(s.known("cloud-m1").archived);
}

TEST_CASE("advice that comes before the answer of the cloud is undone under any later name") {
    insight_fixture s;
    const bool keeps = GENERATE(false, true);
    s.queue("m1");
    const auto id = s.record_one(advice(archive, {"cloud-m1"})).insight.id;
    s.send_all(keeps ? after_sync::keep_memory : after_sync::drop_copy);
    CHECK(s.matches({"tea"}).empty());
    s.run(s->record_synced("m1", "cloud-other", {}));
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK_FALSE(s.known("cloud-other").archived);
}

TEST_CASE("what two have archived is shown again with the first of them") {
    insight_fixture s;
    s.add("m1", "tea");
    const auto first = s.record_one(advice(archive, {"m1"})).insight.id;
    const auto second = s.record_one(advice(archive, {"m1", "m1 too"})).insight.id;
    CHECK(s.run(s->dismiss_recommendation(first))->is_new);
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK(s.run(s->dismiss_recommendation(second))->is_new);
    CHECK(s.matches({"tea"}) == ids{"m1"});
}

TEST_CASE("what waits for the cloud is shown again, before it is sent and after") {
    insight_fixture s;
    const bool sent = GENERATE(false, true);
    s.queue("m1");
    const auto id = s.record_one(advice(archive, {"m1"})).insight.id;
    if (sent) CHECK(s.send_all(after_sync::drop_copy) == ids{"m1"});
    CHECK(s.matches({"tea"}).empty());
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK(s.matches({"tea"}) == ids{"m1"});
    CHECK_FALSE(s.known("cloud-m1").archived);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("what is applied by hand is undone as well") {
    insight_fixture s;
    s.add("m1", "tea");
    const auto id = s.record({with_feature_off(advice(archive, {"m1"}))}).at(0).insight.id;
    REQUIRE(s.apply(id));
    CHECK(s.matches({"tea"}).empty());
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK(s.matches({"tea"}) == ids{"m1"});
}

TEST_CASE("what was deleted meanwhile does not come back when its archiving is dismissed") {
    insight_fixture s;
    s.sync(memory_of("m1", "tea"), after_sync::drop_copy);
    s.add("m2", "tea");
    const auto id = s.record_one(advice(archive, {"m1", "m2"})).insight.id;
    for (const char* gone : {"m1", "m2"})
        REQUIRE(s.run(s->remove_memory(gone, unknown_ids::are_the_clouds)));
    CHECK(s.run(s->dismiss_recommendation(id))->is_new);
    CHECK(s.known("cloud-m1").deleted);
    CHECK(s.listed().empty());
}

TEST_CASE("a raised priority stays, it cannot be told what it was") {
    insight_fixture s;
    s.add("m1", "tea");
    const auto id = s.record_one(advice(prioritize, {"m1"})).insight.id;
    CHECK(s.run(s->dismiss_recommendation(id)).error().code == errc::conflict);
    CHECK(priority_of(s, "m1") == priority::high);
    CHECK(s.recommendations(status::applied).total == 1);
}

TEST_CASE("recommendations are listed newest first, page by page, of one status or all") {
    insight_fixture s;
    for (int i = 1; i <= 3; ++i) {
        s.record_one(advice(remove, {"r" + std::to_string(i)}));   // 1, 3, 5
        s.record_one(advice(archive, {"a" + std::to_string(i)}));  // 2, 4, 6
    }
    std::vector<std::int64_t> seen;
    std::optional<std::int64_t> cursor;
    do {
        const auto page = s.run(s->list_recommendations({}, cursor, 4));
        CHECK(page.total == 6);
        for (const auto& one : page.items)
            seen.push_back(one.id);
        cursor = page.next;
    } while (cursor);
    CHECK(seen == std::vector<std::int64_t>{6, 5, 4, 3, 2, 1});
    const auto pending = s.run(s->list_recommendations(status::pending, 5, 1));
    CHECK(pending.total == 3);
    REQUIRE(pending.items.size() == 1);
    CHECK(pending.items[0].id == 3);
    CHECK(pending.items[0].memory_ids == ids{"r2"});
    CHECK(pending.next == 3);
    CHECK(s.recommendations(status::dismissed).items.empty());
}

}  // namespace
}  // namespace memorypro::store
