// Synced memories that say something else here than in the cloud.
#include "store/outbox_fixture.hpp"

namespace memorypro::store {
namespace {

struct edited_fixture : outbox_fixture {
    // What a recall adds to the cloud's answer.
    ids unsynced(std::string word, memory_filter filter = {}) {
        auto wanted = search_for({std::move(word)}, std::move(filter));
        wanted.unsynced_only = true;
        return ids_of(run((*this)->find_matches(std::move(wanted))));
    }
    void amend(std::string id, memory_patch patch) {
        REQUIRE(run((*this)->amend_memory(std::move(id), std::move(patch))));
    }
    std::int64_t rows() { return count("SELECT count(*) FROM edited"); }
};

TEST_CASE("a synced memory that was edited here is among what the cloud does not have") {
    edited_fixture s;
    s.sync(memory_of("m1", "green tea"), GENERATE(after_sync::keep_memory, after_sync::keep_copy));
    s.sync(memory_of("m2", "black tea"));
    CHECK(s.unsynced("tea").empty());
    s.amend("m1", {.content = "white tea"});
    CHECK(s.unsynced("tea") == ids{"m1"});
    CHECK(s.state_of("m1") == sync_state::synced);
    s.open();
    CHECK(s.unsynced("tea") == ids{"m1"});
    CHECK(s.unsynced("green").empty());
    s.amend("m1", {.archived = true});
    CHECK(s.unsynced("tea").empty());
    s.amend("m1", {.archived = false});
    CHECK(s.unsynced("tea") == ids{"m1"});
}

TEST_CASE("what a filter looks at counts as edited, what nothing is found by does not") {
    edited_fixture s;
    s.sync(memory_of("m1", "tea"));
    SECTION("tags") {
        s.amend("m1", {.tags_json = R"(["late"])"});
        CHECK(s.unsynced("tea", {.tags = {"late"}}) == ids{"m1"});
    }
    SECTION("type") {
        s.amend("m1", {.memory_type = "note"});
        CHECK(s.unsynced("tea", {.memory_type = "note"}) == ids{"m1"});
    }
    SECTION("priority and archiving") {
        s.amend("m1", {.priority = priority::high});
        s.amend("m1", {.archived = true});
        s.amend("m1", {.archived = false});
        CHECK(s.unsynced("tea").empty());
        CHECK(s.rows() == 0);
    }
}

TEST_CASE("an edited memory is none any more when it is queued, deleted or what the cloud has") {
    edited_fixture s;
    s.sync(memory_of("m1", "tea"));
    s.amend("m1", {.content = "white tea"});
    s.amend("m1", {.content = "red tea"});
    REQUIRE(s.rows() == 1);
    SECTION("queued, and synced again") {
        s.upsert(memory_of("m1", "blue tea"), outbound{.call = cloud_call::sync});
        CHECK(s.rows() == 0);
        CHECK(s.unsynced("tea") == ids{"m1"});  // it waits
        s.send_all();
    }
    SECTION("deleted") {
        REQUIRE(s.remove("m1"));
    }
    SECTION("synced by hand") {
        const auto here = s.run(s->find_memory("m1"));
        REQUIRE(s.run(s->record_synced(
            "m1", "cloud-m1", renewal{memory_of("m1", "blue tea").what, here.value().revision})));
    }
    CHECK(s.rows() == 0);
    CHECK(s.unsynced("tea").empty());
}

}  // namespace
}  // namespace memorypro::store
