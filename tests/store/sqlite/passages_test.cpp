// What lends context to a memory, and what does not.
#include "store/sqlite/passages.hpp"

#include <sqlite3.h>

#include "store/fixture.hpp"

namespace memorypro::store {
namespace {

new_memory said(std::string id, std::string content, std::optional<std::string> session = "s1",
                std::string user = "ada") {
    auto m = memory_of(std::move(id), std::move(content));
    m.what.session_id = std::move(session);
    m.what.user_id = std::move(user);
    return m;
}

double context_of(store_fixture& s, const std::string& id, memory_filter filter = {}) {
    for (const auto& hit : s.run(s->find_matches(search_for({"tea", "jasmine"}, filter))))
        if (hit.memory.id == id) return hit.signals.context;
    return -1;
}

TEST_CASE("what stands next to a match in its session is found with it") {
    store_fixture s;
    s.add(said("m1", "I like tea"));
    s.add(said("m2", "The green one"));
    s.add(said("m3", "Me too"));
    CHECK(s.matches({"tea"}) == ids{"m1", "m2", "m3"});
    CHECK(context_of(s, "m2") > context_of(s, "m3"));
}

TEST_CASE("the answer to a question comes before it") {
    store_fixture s;
    s.add(said("m1", "Hello"));
    s.add(said("m2", "Which tea do you like?"));
    s.add(said("m3", "The green one"));
    CHECK(s.matches({"tea"}) == ids{"m3", "m2", "m1"});
}

TEST_CASE("sessions that interleave are told apart") {
    store_fixture s;
    for (int i = 0; i < 5; ++i) {
        s.add(said("a" + std::to_string(i), i == 0 ? "tea" : "so", "s1"));
        for (int k = 0; k < 10; ++k)
            s.add(said("b" + std::to_string(10 * i + k), "well", "s2"));
    }
    CHECK(s.matches({"tea"}) == ids{"a0", "a1", "a2", "a3"});
}

TEST_CASE("matches far from each other in a session have their own surroundings") {
    store_fixture s;
    for (int i = 0; i < 30; ++i)
        s.add(said("m" + std::to_string(i), i == 5 || i == 9 || i == 25 ? "tea" : "so"));
    auto found = s.matches({"tea"});
    std::ranges::sort(found);
    ids expected;
    for (const int i : {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22, 23, 24, 25, 26, 27, 28})
        expected.push_back("m" + std::to_string(i));
    std::ranges::sort(expected);
    CHECK(found == expected);
}

TEST_CASE("the same session id of another user or agent is another session") {
    store_fixture s;
    s.add(said("mine", "green tea"));
    s.add(said("bobs", "jasmine", "s1", "bob"));
    auto by_agent = said("agents", "jasmine");
    by_agent.what.agent_id = "agent";
    s.add(by_agent);
    CHECK(context_of(s, "mine") == 0);
    s.add(said("next", "jasmine"));
    CHECK(context_of(s, "mine") > 0);
}

TEST_CASE("archived memories lend context only where they are asked for") {
    store_fixture s;
    s.add(said("m1", "green tea"));
    s.add(said("m2", "jasmine"));
    const double before = context_of(s, "m1");
    CHECK(before > 0);
    REQUIRE(s.run(s->amend_memory("m2", {.archived = true})));
    CHECK(context_of(s, "m1") == 0);
    CHECK(context_of(s, "m1", {.include_archived = true}) == before);
}

TEST_CASE("removed memories lend no context, and those left move together") {
    store_fixture s;
    s.add(said("m1", "green tea"));
    for (int i = 0; i < 6; ++i)
        s.add(said("gone" + std::to_string(i), "jasmine"));
    s.add(said("m2", "black"));
    CHECK(context_of(s, "m1") > 0);
    for (int i = 0; i < 6; ++i)
        REQUIRE(s.remove("gone" + std::to_string(i)));
    CHECK(context_of(s, "m1") == 0);
    CHECK(context_of(s, "m2") > 0);
}

TEST_CASE("what a filter leaves out neither answers nor lends context") {
    store_fixture s;
    auto fact = said("fact", "green tea");
    fact.what.memory_type = "fact";
    s.add(fact);
    s.add(said("talk", "jasmine"));
    const memory_filter facts{.memory_type = "fact"};
    CHECK(s.matches({"tea", "jasmine"}, facts) == ids{"fact"});
    CHECK(context_of(s, "fact", facts) == 0);
}

TEST_CASE("without a session, context is what the same user told within half an hour") {
    store_fixture s;
    const auto tell = [&s](std::string id, std::string content, const char* time,
                           std::string user = "ada") {
        auto m = said(std::move(id), std::move(content), {}, std::move(user));
        m.what.time = test::at(time);
        s.add(std::move(m));
    };
    tell("m1", "green tea", "2025-01-08T12:00:00Z");
    tell("m2", "jasmine", "2025-01-08T12:29:00Z");
    tell("m3", "black tea", "2025-01-08T13:00:00Z");
    tell("m4", "cups", "2025-01-08T13:01:00Z");
    tell("other", "jasmine", "2025-01-08T13:01:00Z", "bob");
    s.add(said("spoken", "jasmine"));
    CHECK(context_of(s, "m1") > 0);
    CHECK(context_of(s, "m3") == 0);
    CHECK(context_of(s, "m4") == -1);  // holds no word of the question
}

TEST_CASE("without user, agent or session, context is what came before and after") {
    store_fixture s;
    s.add("m1", "green tea");
    s.add("m2", "jasmine");
    s.add(said("other", "jasmine"));
    CHECK(context_of(s, "m1") > 0);
    REQUIRE(s.remove("m2"));
    CHECK(context_of(s, "m1") == 0);
}

TEST_CASE("a memory longer than what is read at a glance is ranked as any other") {
    store_fixture s;
    s.add(said("m1", "tea " + std::string(100'000, 'x') + "?"));
    CHECK(s.matches({"tea"}) == ids{"m1"});
}

TEST_CASE("of a long text no more is read than is looked at") {
    store_fixture s;
    for (int i = 0; i < 7; ++i)
        s.add(said("m" + std::to_string(i), (i == 3 ? "tea " : "so ") + std::string(400'000, 'x')));
    REQUIRE(s.matches({"tea"}).size() == 7);
    s.close();
    sqlite::connection db(s.database(), sqlite::connection::access::read_write);
    db.execute("BEGIN");
    const auto found = sqlite::passages_around(db, {{.seq = 4}}, search_for({"tea"}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].memories.size() == 7);
    int pages = 0;
    int peak = 0;
    sqlite3_db_status(db.handle(), SQLITE_DBSTATUS_CACHE_MISS, &pages, &peak, 0);
    CHECK(pages < 100);  // all of these texts: 700
}

TEST_CASE("only the best matches are looked at with what is around them") {
    store_fixture s;
    std::vector<new_memory> many;
    for (int i = 0; i < 600; ++i)
        many.push_back(said("m" + std::to_string(i), i < 10 ? "jasmine tea" : "tea and more",
                            "s" + std::to_string(i)));
    REQUIRE(s.run(s->import_memories(std::move(many), {})));
    auto wanted = search_for({"tea", "jasmine"});
    wanted.limit = 10;
    auto best = ids_of(s.run(s->find_matches(wanted)));
    CHECK(best == ids{"m9", "m8", "m7", "m6", "m5", "m4", "m3", "m2", "m1", "m0"});
    wanted.limit = 500;
    CHECK(s.run(s->find_matches(wanted)).size() == 500);
}

}  // namespace
}  // namespace memorypro::store
