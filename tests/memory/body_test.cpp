#include "memory/body.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::memory {
namespace {

using names = std::vector<std::string>;

constexpr std::size_t most_bytes = 1000;

result<given_memory> parse(std::string_view text, body_of kind = body_of::store) {
    return parse_memory(*parse_object(text), kind, most_bytes);
}

names wrong_in(std::string_view text, body_of kind = body_of::store) {
    const auto parsed = parse(text, kind);
    INFO(text);
    REQUIRE_FALSE(parsed.has_value());
    names fields;
    for (const auto& wrong : parsed.error().fields) {
        fields.push_back(wrong.field);
        CHECK(parsed.error().detail.find(wrong.field) != std::string::npos);
    }
    return fields;
}

TEST_CASE("a store body needs a content only, the rest has its defaults") {
    const auto given = parse(R"({"content":"tea"})");
    REQUIRE(given);
    CHECK(given->what.content == "tea");
    CHECK(given->what.memory_type == "conversation");
    CHECK(given->what.priority == store::priority::medium);
    CHECK_FALSE(given->what.time);
    CHECK_FALSE(given->what.user_id);
    CHECK(given->what.metadata_json.empty());
    CHECK(given->what.tags_json.empty());
    CHECK(given->what.extra_json.empty());
    CHECK_FALSE(given->id);
}

TEST_CASE("every field of a store body reaches its place") {
    const auto given = parse(R"({"content":"tea","metadata":{"b":1,"a":[true,0.5]},
        "session_id":"s","agent_id":"a","user_id":"u","memory_type":"fact",
        "timestamp":"2025-01-08T14:00:00+02:00","tags":["x","\u00e4"],"priority":"urgent"})");
    REQUIRE(given);
    const auto& what = given->what;
    CHECK(what.metadata_json == R"({"b":1,"a":[true,0.5]})");
    CHECK(what.session_id == "s");
    CHECK(what.agent_id == "a");
    CHECK(what.user_id == "u");
    CHECK(what.memory_type == "fact");
    CHECK(what.time == test::at("2025-01-08T12:00:00Z"));
    CHECK(what.tags_json == "[\"x\",\"\u00e4\"]");
    CHECK(what.priority == store::priority::urgent);
}

TEST_CASE("a field that is null is a field that is missing") {
    CHECK(parse(R"({"content":"tea","metadata":null,"session_id":null,"agent_id":null,
        "user_id":null,"memory_type":null,"type":null,"timestamp":null,"tags":null,
        "priority":null})"));
    CHECK(wrong_in(R"({"content":null})") == names{"content"});
}

TEST_CASE("type is another name for memory_type, which wins") {
    CHECK(parse(R"({"content":"tea","type":"fact"})")->what.memory_type == "fact");
    CHECK(parse(R"({"type":"note","content":"tea","memory_type":"fact"})")->what.memory_type ==
          "fact");
}

TEST_CASE("a wrong field is named") {
    struct {
        std::string_view text;
        std::string_view field;
    } const table[] = {
        {R"({})", "content"},
        {R"({"content":""})", "content"},
        {R"({"content":5})", "content"},
        {R"({"content":["tea"]})", "content"},
        {R"({"content":"tea","metadata":[]})", "metadata"},
        {R"({"content":"tea","metadata":"{}"})", "metadata"},
        {R"({"content":"tea","session_id":5})", "session_id"},
        {R"({"content":"tea","agent_id":{}})", "agent_id"},
        {R"({"content":"tea","user_id":false})", "user_id"},
        {R"({"content":"tea","memory_type":1})", "memory_type"},
        {R"({"content":"tea","type":1})", "type"},
        {R"({"content":"tea","timestamp":"yesterday"})", "timestamp"},
        {R"({"content":"tea","timestamp":1736339696})", "timestamp"},
        {R"({"content":"tea","timestamp":""})", "timestamp"},
        {R"({"content":"tea","tags":"x"})", "tags"},
        {R"({"content":"tea","tags":["x",1]})", "tags[1]"},
        {R"({"content":"tea","tags":["x",null]})", "tags[1]"},
        {R"({"content":"tea","priority":"High"})", "priority"},
        {R"({"content":"tea","priority":3})", "priority"},
    };
    for (const auto& [text, field] : table) {
        CHECK(wrong_in(text) == names{std::string(field)});
        CHECK(parse(text).error().code == errc::invalid_field);
    }
}

TEST_CASE("several wrong fields are all named at once") {
    CHECK(wrong_in(R"({"priority":"top","tags":[1,"x",2],"user_id":7,"timestamp":"soon"})") ==
          names{"content", "tags[0]", "tags[2]", "user_id", "priority", "timestamp"});
}

TEST_CASE("a content over its limit is too large, not merely wrong") {
    const auto with = [](std::size_t bytes) {
        return "{\"content\":\"" + std::string(bytes, 'x') + "\"}";
    };
    CHECK(parse(with(most_bytes)));
    CHECK(wrong_in(with(most_bytes + 1)) == names{"content"});
    CHECK(parse(with(most_bytes + 1)).error().code == errc::too_large);
}

TEST_CASE("names, tags, metadata and extra fields have their limits") {
    const auto with = [](std::string_view field, const std::string& value) {
        return "{\"content\":\"tea\",\"" + std::string(field) + "\":" + value + "}";
    };
    const std::string fits = '"' + std::string(1024, 'n') + '"';
    const std::string over = '"' + std::string(1025, 'n') + '"';
    for (const char* field : {"user_id", "agent_id", "session_id", "memory_type"}) {
        CHECK(parse(with(field, fits)));
        CHECK(wrong_in(with(field, over)) == names{field});
    }
    CHECK(wrong_in(with("tags", '[' + over + ']')) == names{"tags[0]"});
    CHECK(wrong_in(with("metadata", "{\"a\":" + over + '}')) == names{"metadata"});
    CHECK(wrong_in(with("mood", over)) == names{"mood"});
    std::string many = "[\"t\"";
    for (int i = 1; i < 256; ++i)
        many += ",\"t\"";
    CHECK(parse(with("tags", many + ']')));
    CHECK(wrong_in(with("tags", many + ",\"t\"]")) == names{"tags"});
}

TEST_CASE("fields that we do not know are kept as they are") {
    const auto given = parse(
        R"({"mood":"calm","content":"tea","nested":{"a":[1,2.0,null]},"options":false,"":0})");
    REQUIRE(given);
    CHECK(given->what.extra_json ==
          R"({"mood":"calm","nested":{"a":[1,2.0,null]},"options":false,"":0})");
}

TEST_CASE("a recalled memory can be stored as it is: what only answers have is ignored") {
    const auto given = parse(
        R"({"memory_id":"m1","content":"tea","created_at":"x","archived":"x","sync_state":"x",
            "relevance_score":0.5,"explain":{}})");
    REQUIRE(given);
    CHECK_FALSE(given->id);
    CHECK_FALSE(given->archived);
    CHECK_FALSE(given->created_at);
    CHECK(given->what.extra_json.empty());
}

TEST_CASE(
    "a store keeps a local_memory_id as a field of its own, a sync and an import are named by it") {
    const std::string_view body = R"({"content":"tea","local_memory_id":"m1"})";
    CHECK(parse(body)->what.extra_json == R"({"local_memory_id":"m1"})");
    CHECK(parse(body, body_of::sync)->id == "m1");
    CHECK(parse(body, body_of::import)->id == "m1");
    const auto both =
        parse(R"({"content":"tea","memory_id":"a","local_memory_id":"b"})", body_of::import);
    CHECK(both->id == "a");
    CHECK(both->what.extra_json == R"({"local_memory_id":"b"})");
}

TEST_CASE("a sync needs its own id") {
    const auto given = parse(R"({"content":"tea","local_memory_id":"my/1"})", body_of::sync);
    REQUIRE(given);
    CHECK(given->id == "my/1");
    for (const char* body :
         {R"({"content":"tea"})", R"({"content":"tea","local_memory_id":""})",
          R"({"content":"tea","local_memory_id":5})", R"({"content":"tea","memory_id":"m1"})"})
        CHECK(wrong_in(body, body_of::sync) == names{"local_memory_id"});
}

TEST_CASE("an import takes the id, the times and the archive that an export gave") {
    const auto given =
        parse(R"({"memory_id":"m1","content":"tea","created_at":"2025-01-08","archived":true})",
              body_of::import);
    REQUIRE(given);
    CHECK(given->id == "m1");
    CHECK(given->created_at == test::at("2025-01-08"));
    CHECK(given->archived);
    CHECK_FALSE(parse(R"({"content":"tea"})", body_of::import)->id);
    CHECK(wrong_in(R"({"content":"tea","memory_id":5,"created_at":"x","archived":"yes"})",
                   body_of::import) == names{"memory_id", "created_at", "archived"});
}

TEST_CASE("NUL in a name or in metadata is refused with the field, in a content it is kept") {
    struct {
        std::string_view text;
        std::string_view field;
    } const table[] = {
        {R"({"content":"tea","tags":["x","a\u0000b"]})", "tags[1]"},
        {R"({"content":"tea","user_id":"a\u0000b"})", "user_id"},
        {R"({"content":"tea","agent_id":"\u0000"})", "agent_id"},
        {R"({"content":"tea","session_id":"a\u0000"})", "session_id"},
        {R"({"content":"tea","memory_type":"\u0000a"})", "memory_type"},
        {R"({"content":"tea","type":"\u0000a"})", "type"},
        {R"({"content":"tea","metadata":{"a":"\u0000"}})", "metadata"},
        {R"({"content":"tea","metadata":{"a\u0000":1}})", "metadata"},
        {R"({"content":"tea","metadata":{"a":[1,{"b":["\u0000"]}]}})", "metadata"},
        {R"({"content":"tea","metadata":{"a":[{"b\u0000":1}]}})", "metadata"},
    };
    for (const auto& [text, field] : table)
        CHECK(wrong_in(text) == names{std::string(field)});
    CHECK(wrong_in(R"({"content":"tea","local_memory_id":"a\u0000b"})", body_of::sync) ==
          names{"local_memory_id"});
    CHECK(wrong_in(R"({"content":"tea","memory_id":"a\u0000b"})", body_of::import) ==
          names{"memory_id"});
    CHECK(parse(R"({"content":"a\u0000b"})")->what.content == std::string("a\0b", 3));
}

}  // namespace
}  // namespace memorypro::memory
