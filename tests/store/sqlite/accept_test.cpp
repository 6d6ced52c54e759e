#include "store/fixture.hpp"

namespace memorypro::store {
namespace {

using namespace std::string_literals;

new_memory full_memory() {
    return {.id = "m \"1\"/\u00e4",
            .what = {.content = "tea\0with a NUL\n\u20ac"s,
                     .metadata_json = R"({"a":[1,2.0]})",
                     .tags_json = R"(["x"])",
                     .extra_json = R"({"mood":"calm"})",
                     .user_id = "u",
                     .agent_id = "",
                     .session_id = "s",
                     .memory_type = "fact",
                     .priority = priority::urgent,
                     .time = test::at("1969-12-31T23:59:59.999999Z")},
            .created_at = test::at("2025-01-08T12:00:00.000001Z"),
            .archived = true};
}

void check_same(const memory& found, const new_memory& given) {
    CHECK(found.id == given.id);
    CHECK(found.what.content == given.what.content);
    CHECK(found.what.metadata_json == given.what.metadata_json);
    CHECK(found.what.tags_json == given.what.tags_json);
    CHECK(found.what.extra_json == given.what.extra_json);
    CHECK(found.what.user_id == given.what.user_id);
    CHECK(found.what.agent_id == given.what.agent_id);
    CHECK(found.what.session_id == given.what.session_id);
    CHECK(found.what.memory_type == given.what.memory_type);
    CHECK(found.what.priority == given.what.priority);
    CHECK(found.what.time == given.what.time);
    CHECK(found.created_at == given.created_at);
    CHECK(found.archived == given.archived);
    CHECK(found.sync_state == sync_state::local);
}

TEST_CASE("a memory is found again as it was given, also after a restart") {
    store_fixture s;
    const auto given = full_memory();
    const auto answer = s.run(s->accept_memory(given, {}, {}));
    REQUIRE(answer);
    CHECK(answer->id == given.id);
    CHECK(answer->created);
    CHECK_FALSE(answer->replayed);
    check_same(*s.run(s->find_memory(given.id)), given);
    s.open();
    check_same(*s.run(s->find_memory(given.id)), given);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a memory without an event time has the time at which it was stored") {
    store_fixture s;
    s.add("m1", "tea");
    const auto found = s.run(s->find_memory("m1"));
    CHECK(found->what.time == found->created_at);
    CHECK_FALSE(found->what.user_id);
    CHECK(found->what.metadata_json.empty());
}

TEST_CASE("an id that nothing has is not found, whatever is asked of it") {
    store_fixture s;
    s.add("m1", "tea");
    for (const char* id : {"", "M1", "m1 ", "m%", "' OR 1=1 --"}) {
        CAPTURE(id);
        CHECK(s.run(s->find_memory(id)).error().code == errc::not_found);
        CHECK(s.run(s->amend_memory(id, {.content = "x"})).error().code == errc::not_found);
        CHECK(s.remove(id).error().code == errc::not_found);
    }
    CHECK(s.run(s->count_memories()).memories == 1);
}

TEST_CASE("an upsert of a new id stores it") {
    store_fixture s;
    const auto answer = s.run(s->upsert_memory(full_memory(), {}));
    REQUIRE(answer);
    CHECK(answer->created);
    check_same(*s.run(s->find_memory(full_memory().id)), full_memory());
}

TEST_CASE("an upsert of a known id replaces what it says and keeps its place and its age") {
    store_fixture s;
    s.add("m1", "tea");
    s.add("m2", "milk");
    s.run(s->amend_memory("m1", {.archived = true}));
    auto next = memory_of("m1", "coffee");
    next.created_at += std::chrono::hours(5);
    next.what.user_id = "u";
    const auto answer = s.run(s->upsert_memory(next, {}));
    REQUIRE(answer);
    CHECK_FALSE(answer->created);
    const auto found = s.run(s->find_memory("m1"));
    CHECK(found->what.content == "coffee");
    CHECK(found->what.user_id == "u");
    CHECK(found->created_at == memory_of("", "").created_at);
    CHECK(found->archived);
    CHECK(s.listed({.include_archived = true}) == ids{"m2", "m1"});
    CHECK(s.matches({"tea"}, {.include_archived = true}).empty());
    CHECK(s.matches({"coffee"}, {.include_archived = true}) == ids{"m1"});
    CHECK(s.run(s->count_memories()).memories == 1 + 1);
}

TEST_CASE("an upsert moves a memory from one scope to the other") {
    store_fixture s;
    const bool indexed = GENERATE(true, false);
    auto given = memory_of("m1", "tea");
    given.what.user_id = "ada";
    given.what.session_id = "s1";
    s.add(given);
    if (indexed) s.matches({"tea"});
    given.what.user_id = "bob";
    given.what.session_id = std::nullopt;
    given.what.agent_id = "a1";
    s.run(s->upsert_memory(given, {}));
    CHECK(s.listed({.user_id = "ada"}).empty());
    CHECK(s.listed({.session_id = "s1"}).empty());
    CHECK(s.listed({.user_id = "bob"}) == ids{"m1"});
    CHECK(s.listed({.agent_id = "a1"}) == ids{"m1"});
    CHECK(s.matches({"tea"}, {.user_id = "ada"}).empty());
    CHECK(s.matches({"tea"}, {.user_id = "bob"}) == ids{"m1"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("an import tells what is new from what is known, and leaves that as it is") {
    store_fixture s;
    s.add("m1", "tea");
    auto archived = memory_of("m3", "milk");
    archived.archived = true;
    const auto answers = s.run(s->import_memories(
        {memory_of("m1", "changed"), memory_of("m2", "coffee"), archived, memory_of("m2", "again")},
        {}));
    REQUIRE(answers);
    using enum imported;
    CHECK(*answers == std::vector{duplicate, created, created, duplicate});
    CHECK(s.run(s->find_memory("m1"))->what.content == "tea");
    CHECK(s.run(s->find_memory("m2"))->what.content == "coffee");
    CHECK(s.run(s->find_memory("m3"))->archived);
    CHECK(s.run(s->import_memories({}, {}))->empty());
    CHECK(s.soundness() == "ok");
}

TEST_CASE("an amendment changes what it names and answers the whole memory") {
    store_fixture s;
    s.add(full_memory());
    const auto id = full_memory().id;
    const auto unchanged = s.run(s->amend_memory(id, {}));
    check_same(*unchanged, full_memory());
    const auto changed = s.run(s->amend_memory(id, {.metadata_json = "",
                                                    .tags_json = R"(["y"])",
                                                    .memory_type = "note",
                                                    .priority = priority::low,
                                                    .time = test::at("2025-01-01"),
                                                    .archived = false}));
    REQUIRE(changed);
    auto expected = full_memory();
    expected.what.metadata_json = "";
    expected.what.tags_json = R"(["y"])";
    expected.what.memory_type = "note";
    expected.what.priority = priority::low;
    expected.what.time = test::at("2025-01-01");
    expected.archived = false;
    check_same(*changed, expected);
    check_same(*s.run(s->find_memory(id)), expected);
}

TEST_CASE("what was removed is gone") {
    store_fixture s;
    s.add(full_memory());
    s.add("m2", "milk");
    CHECK(s.remove(full_memory().id).value() == cloud_copy::none);
    CHECK(s.run(s->find_memory(full_memory().id)).error().code == errc::not_found);
    CHECK(s.listed({.include_archived = true}) == ids{"m2"});
    CHECK(s.run(s->count_memories()).memories == 1);
    CHECK(s.soundness() == "ok");
}

TEST_CASE("an id that was removed can be stored again") {
    store_fixture s;
    s.add("m1", "tea");
    s.matches({"tea"});
    s.remove("m1");
    CHECK(s.run(s->upsert_memory(memory_of("m1", "coffee"), {}))->created);
    CHECK(s.matches({"tea"}).empty());
    CHECK(s.matches({"coffee"}) == ids{"m1"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("totals count the memories, the archived ones among them, and their bytes") {
    store_fixture s;
    CHECK(s.run(s->count_memories()).memories == 0);
    s.add("m1", "tea");
    s.add("m2", std::string(1 << 20, 'x'));
    s.run(s->amend_memory("m1", {.archived = true}));
    const auto totals = s.run(s->count_memories());
    CHECK(totals.memories == 2);
    CHECK(totals.archived == 1);
    CHECK(totals.bytes > 1 << 20);
}

TEST_CASE("the writer answers a ping") {
    store_fixture s;
    s.run(s->ping());
}

}  // namespace
}  // namespace memorypro::store
