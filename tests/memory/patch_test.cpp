#include "memory/body.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::memory {
namespace {

using names = std::vector<std::string>;

result<store::memory_patch> parse_changes(std::string_view text) {
    return parse_patch(*parse_object(text), 1000);
}

names wrong_in_changes(std::string_view text) {
    const auto parsed = parse_changes(text);
    INFO(text);
    REQUIRE_FALSE(parsed.has_value());
    names fields;
    for (const auto& wrong : parsed.error().fields)
        fields.push_back(wrong.field);
    return fields;
}

TEST_CASE("a patch changes what it names and nothing else") {
    const auto patch = parse_changes(R"({"content":"tea","archived":true})");
    REQUIRE(patch);
    CHECK(patch->content == "tea");
    CHECK(patch->archived == true);
    CHECK_FALSE(patch->metadata_json);
    CHECK_FALSE(patch->tags_json);
    CHECK_FALSE(patch->memory_type);
    CHECK_FALSE(patch->priority);
    CHECK_FALSE(patch->time);
}

TEST_CASE("every field that a patch may name reaches its place") {
    const auto patch = parse_changes(R"({"metadata":{"a":1},"tags":["x"],"priority":"low",
        "memory_type":"fact","timestamp":"2025-01-08"})");
    REQUIRE(patch);
    CHECK(patch->metadata_json == R"({"a":1})");
    CHECK(patch->tags_json == R"(["x"])");
    CHECK(patch->priority == store::priority::low);
    CHECK(patch->memory_type == "fact");
    CHECK(patch->time == test::at("2025-01-08"));
}

TEST_CASE("a patch clears metadata and tags by an empty value or null") {
    for (const char* body : {R"({"metadata":{},"tags":[]})", R"({"metadata":null,"tags":null})"}) {
        const auto patch = parse_changes(body);
        REQUIRE(patch);
        CHECK(patch->metadata_json == "");
        CHECK(patch->tags_json == "");
    }
}

TEST_CASE("a patch cannot change what is fixed or unknown") {
    for (const char* field : {"memory_id", "user_id", "agent_id", "session_id", "created_at",
                              "sync_state", "mood", "type", ""})
        CHECK(wrong_in_changes("{\"" + std::string(field) + "\":\"x\"}") == names{field});
}

TEST_CASE("a patch refuses null where there is nothing to clear, and says so once") {
    for (const char* field : {"content", "priority", "memory_type", "timestamp", "archived"})
        CHECK(wrong_in_changes("{\"" + std::string(field) + "\":null}") == names{field});
}

TEST_CASE("several wrong fields of a patch are all named at once") {
    CHECK(wrong_in_changes(R"({"id":1,"content":"","tags":"x","priority":0,"archived":"no"})") ==
          names{"id", "content", "tags", "priority", "archived"});
}

TEST_CASE("a patch's content over its limit is too large") {
    CHECK(parse_changes("{\"content\":\"" + std::string(1001, 'x') + "\"}").error().code ==
          errc::too_large);
}

TEST_CASE("a patch brings no NUL into names and metadata") {
    CHECK(wrong_in_changes(
              R"({"tags":["a\u0000"],"memory_type":"\u0000","metadata":{"a":"\u0000"}})") ==
          names{"metadata", "tags[0]", "memory_type"});
    CHECK(parse_changes(R"({"content":"a\u0000b"})")->content == std::string("a\0b", 3));
}

}  // namespace
}  // namespace memorypro::memory
