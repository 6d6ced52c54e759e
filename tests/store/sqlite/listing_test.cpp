#include "store/fixture.hpp"

namespace memorypro::store {
namespace {

void add_numbered(store_fixture& s, int count) {
    for (int i = 0; i < count; ++i)
        s.add("m" + std::to_string(i), "tea");
}

TEST_CASE("a listing is newest first, page by page, without a gap or a repeat") {
    store_fixture s;
    add_numbered(s, 10);
    ids seen;
    std::optional<std::int64_t> cursor;
    int pages = 0;
    do {
        const auto page = s.run(s->list_memories({}, cursor, 4));
        CHECK(page.total == 10 + pages);
        for (const auto& m : page.memories)
            seen.push_back(m.id);
        cursor = page.next;
        s.add("new" + std::to_string(pages++), "tea");  // others insert meanwhile
    } while (cursor);
    CHECK(pages == 3);
    CHECK(seen == ids{"m9", "m8", "m7", "m6", "m5", "m4", "m3", "m2", "m1", "m0"});
}

TEST_CASE("the last page has no cursor, also when it is full") {
    store_fixture s;
    add_numbered(s, 4);
    CHECK_FALSE(s.run(s->list_memories({}, {}, 4)).next);
    const auto first = s.run(s->list_memories({}, {}, 2));
    REQUIRE(first.next);
    CHECK_FALSE(s.run(s->list_memories({}, first.next, 2)).next);
    CHECK_FALSE(s.run(s->list_memories({}, 1, 2)).next);
    CHECK(s.run(s->list_memories({}, 1, 2)).memories.empty());
}

TEST_CASE("a cursor holds when the memory that it points to is removed") {
    store_fixture s;
    add_numbered(s, 6);
    const auto first = s.run(s->list_memories({}, {}, 2));
    s.remove("m4");
    s.remove("m3");
    CHECK(ids_of(s.run(s->list_memories({}, first.next, 2)).memories) == ids{"m2", "m1"});
}

TEST_CASE("a listing of a scope pages and counts within it") {
    store_fixture s;
    for (int i = 0; i < 20; ++i) {
        auto m = memory_of("m" + std::to_string(i), "tea");
        m.what.user_id = i % 2 ? "ada" : "bob";
        m.what.session_id = i % 4 == 1 ? "s1" : "s2";
        s.add(std::move(m));
    }
    ids seen;
    std::optional<std::int64_t> cursor;
    do {
        const auto page = s.run(s->list_memories({.user_id = "ada"}, cursor, 3));
        CHECK(page.total == 10);
        for (const auto& m : page.memories) {
            CHECK(m.what.user_id == "ada");
            seen.push_back(m.id);
        }
        cursor = page.next;
    } while (cursor);
    CHECK(seen == ids{"m19", "m17", "m15", "m13", "m11", "m9", "m7", "m5", "m3", "m1"});
    const auto narrow = s.run(s->list_memories({.user_id = "ada", .session_id = "s1"}, {}, 3));
    CHECK(narrow.total == 5);
    CHECK(ids_of(narrow.memories) == ids{"m17", "m13", "m9"});
}

TEST_CASE("a memory is listed in its scope by the next call") {
    store_fixture s;
    for (int i = 0; i < 50; ++i) {
        auto m = memory_of("m" + std::to_string(i), "tea");
        m.what.agent_id = "a";
        s.add(std::move(m));
        const auto page = s.run(s->list_memories({.agent_id = "a"}, {}, 1));
        REQUIRE(page.total == i + 1);
        REQUIRE(page.memories.at(0).id == "m" + std::to_string(i));
    }
}

TEST_CASE("large memories make short pages, at least one a page, and lose none") {
    store_fixture s;
    const std::string large(1200 << 10, 'x');
    for (const char* id : {"m0", "m1", "m2"})
        s.add(id, large);
    const auto first = s.run(s->list_memories({}, {}, 10));
    CHECK(ids_of(first.memories) == ids{"m2", "m1"});
    REQUIRE(first.next);
    CHECK(ids_of(s.run(s->list_memories({}, first.next, 10)).memories) == ids{"m0"});
    CHECK(s.run(s->memories_after(0, 10)).size() == 2);
}

TEST_CASE("an export reads oldest first, archived ones too, and goes on where it stopped") {
    store_fixture s;
    add_numbered(s, 5);
    s.run(s->amend_memory("m1", {.archived = true}));
    s.remove("m2");
    const auto first = s.run(s->memories_after(0, 2));
    CHECK(ids_of(first) == ids{"m0", "m1"});
    CHECK(ids_of(s.run(s->memories_after(first.back().seq, 10))) == ids{"m3", "m4"});
    CHECK(s.run(s->memories_after(first.back().seq + 100, 10)).empty());
}

TEST_CASE("a place in the order is not used again when its memory is removed") {
    store_fixture s;
    s.add("m1", "tea");
    s.add("m2", "tea");
    const auto last = s.run(s->find_memory("m2"))->seq;
    s.remove("m2");
    s.add("m3", "tea");
    CHECK(s.run(s->find_memory("m3"))->seq > last);
    s.matches({"tea"});
    s.remove("m3");
    s.open();
    s.add("m4", "tea");
    CHECK(s.run(s->find_memory("m4"))->seq > last + 1);
}

}  // namespace
}  // namespace memorypro::store
