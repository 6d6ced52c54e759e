#include "store/survey.hpp"

#include "store/fixture.hpp"

namespace memorypro::store {
namespace {

using counted = std::vector<std::pair<std::string, std::int64_t>>;

counted pairs(const std::vector<frequency>& values) {
    counted all;
    for (const auto& one : values)
        all.emplace_back(one.value, one.count);
    return all;
}

new_memory tagged(std::string id, std::string tags) {
    auto made = memory_of(std::move(id), "x");
    made.what.tags_json = std::move(tags);
    return made;
}

TEST_CASE("an empty store is surveyed as empty") {
    store_fixture s;
    const auto found = s.run(s->survey_memories(100, 10));
    CHECK(found.looked_at == 0);
    CHECK(found.in_order == 0);
    CHECK(found.types.empty());
    CHECK(found.tags.empty());
    CHECK(found.users.empty());
    CHECK(found.agents.empty());
}

TEST_CASE("types, tags, users and agents are counted, the most frequent first, then by name") {
    store_fixture s;
    s.add(tagged("1", R"(["tea","green"])"));
    s.add(tagged("2", R"(["tea"])"));
    auto given = memory_of("3", "x");
    given.what.user_id = "lena";
    given.what.agent_id = "a1";
    given.what.memory_type = "fact";
    s.add(given);
    given.id = "4";
    given.what.user_id = "ada";
    s.add(given);
    const auto found = s.run(s->survey_memories(100, 10));
    CHECK(found.looked_at == 4);
    CHECK(pairs(found.types) == counted{{"conversation", 2}, {"fact", 2}});
    CHECK(pairs(found.tags) == counted{{"tea", 2}, {"green", 1}});
    CHECK(pairs(found.users) == counted{{"ada", 1}, {"lena", 1}});
    CHECK(pairs(found.agents) == counted{{"a1", 2}});
}

TEST_CASE("a memory is in order where it is not archived and says whose it is or of what") {
    store_fixture s;
    s.add("plain", "x");
    s.add(tagged("empty tags", "[]"));
    s.add(tagged("tagged", R"(["tea"])"));
    for (const char* id : {"user", "agent", "session"}) {
        auto given = memory_of(id, "x");
        auto& what = given.what;
        (std::string_view(id) == "user"    ? what.user_id
         : std::string_view(id) == "agent" ? what.agent_id
                                           : what.session_id) = "someone";
        s.add(given);
    }
    auto archived = tagged("archived", R"(["tea"])");
    archived.archived = true;
    s.add(archived);
    const auto found = s.run(s->survey_memories(100, 10));
    CHECK(found.looked_at == 7);
    CHECK(found.in_order == 4);
}

TEST_CASE("a survey is of the newest memories and the first values") {
    store_fixture s;
    s.add(tagged("1", R"(["old"])"));
    s.add(tagged("2", R"(["b","a","c"])"));
    s.add(tagged("3", R"(["b","a"])"));
    const auto found = s.run(s->survey_memories(2, 2));
    CHECK(found.looked_at == 2);
    CHECK(pairs(found.tags) == counted{{"a", 2}, {"b", 2}});
}

}  // namespace
}  // namespace memorypro::store
