// Every filter is held against a listing and a search alike: neither may leak what the other hides.
#include "store/fixture.hpp"

namespace memorypro::store {
namespace {

using kind = metadata_condition::kind;

struct filtered : store_fixture {
    void put(const std::string& id, memory_content what) {
        what.content = "tea";
        add({.id = id, .what = std::move(what), .created_at = test::at("2025-01-08")});
    }
    // What passes, in the order of arrival.
    ids passing(const memory_filter& filter) {
        auto in_list = listed(filter);
        std::reverse(in_list.begin(), in_list.end());
        auto in_search = matches({"tea"}, filter);
        std::reverse(in_search.begin(), in_search.end());
        CHECK(in_list == in_search);
        CHECK(list(filter).total == std::int64_t(in_list.size()));
        return in_list;
    }
    ids with(metadata_condition condition) { return passing({.metadata = {condition}}); }
};

TEST_CASE("a filter by user, agent, session or type lets through exactly those") {
    filtered s;
    s.put("none", {});
    s.put("ada", {.user_id = "ada"});
    s.put("Ada", {.user_id = "Ada"});
    s.put("empty", {.user_id = ""});
    s.put("agent", {.agent_id = "ada"});
    s.put("session", {.session_id = "ada"});
    s.put("type", {.memory_type = "ada"});
    s.put("all", {.user_id = "ada", .agent_id = "ada", .session_id = "ada", .memory_type = "ada"});
    CHECK(s.passing({}).size() == 8);
    CHECK(s.passing({.user_id = "ada"}) == ids{"ada", "all"});
    CHECK(s.passing({.user_id = ""}) == ids{"empty"});
    CHECK(s.passing({.agent_id = "ada"}) == ids{"agent", "all"});
    CHECK(s.passing({.session_id = "ada"}) == ids{"session", "all"});
    CHECK(s.passing({.memory_type = "ada"}) == ids{"type", "all"});
    CHECK(s.passing({.user_id = "ada", .agent_id = "ada"}) == ids{"all"});
    CHECK(s.passing({.user_id = "ada", .session_id = "Ada"}).empty());
    CHECK(s.passing({.user_id = "nobody"}).empty());
}

TEST_CASE("a filter's text is never SQL, a pattern or a query") {
    filtered s;
    const std::string texts[] = {
        "' OR '1'='1", "\" OR 1 --", "%",  "_",           "*",    "a\"; DROP TABLE memories",
        "$.a",         "?1",         ":x", "tea OR milk", "NULL", "\u00e4\u20ac"};
    for (const auto& text : texts)
        s.put(text, {.metadata_json = R"({"a":"x"})", .user_id = text});
    s.put("other", {.user_id = "ada"});
    for (const auto& text : texts) {
        CAPTURE(text);
        CHECK(s.passing({.user_id = text}) == ids{text});
        CHECK(s.passing({.agent_id = text}).empty());
        CHECK(s.passing({.memory_type = text}).empty());
        CHECK(s.passing({.tags = {text}}).empty());
        CHECK(s.with({text, kind::text, text}).empty());
        CHECK(s.with({"a", kind::number, text}).empty());
        CHECK(s.with({"a", kind::literal, text}).empty());
        CHECK(s.with({"a", kind::as_written, text}).empty());
    }
    CHECK(s.run(s->count_memories()).memories == std::int64_t(std::size(texts)) + 1);
}

TEST_CASE("a filter by tags wants all of them, as they are") {
    filtered s;
    s.put("none", {});
    s.put("one", {.tags_json = R"(["x"])"});
    s.put("two", {.tags_json = R"(["y","x"])"});
    s.put("odd", {.tags_json = R"(["x y","\"q\"","\u00e4","1","",".a"])"});
    CHECK(s.passing({.tags = {"x"}}) == ids{"one", "two"});
    CHECK(s.passing({.tags = {"x", "y"}}) == ids{"two"});
    CHECK(s.passing({.tags = {"x", "x"}}) == ids{"one", "two"});
    CHECK(s.passing({.tags = {"X"}}).empty());
    for (const char* tag : {"x y", "\"q\"", "\u00e4", "1", "", ".a"}) {
        CAPTURE(tag);
        CHECK(s.passing({.tags = {tag}}) == ids{"odd"});
    }
}

TEST_CASE("a filter by metadata compares texts, numbers, literals and structures by their kind") {
    filtered s;
    s.put("none", {});
    s.put("text", {.metadata_json = R"({"a":"1"})"});
    s.put("whole", {.metadata_json = R"({"a":1})"});
    s.put("real", {.metadata_json = R"({"a":1.0})"});
    s.put("half", {.metadata_json = R"({"a":0.5})"});
    s.put("true", {.metadata_json = R"({"a":true})"});
    s.put("true text", {.metadata_json = R"({"a":"true"})"});
    s.put("null", {.metadata_json = R"({"a":null})"});
    s.put("array", {.metadata_json = R"({"a":[1,"x"]})"});
    s.put("object", {.metadata_json = R"({"a":{"b":"c\"d"}})"});
    s.put("nested", {.metadata_json = R"({"b":{"a":1}})"});
    CHECK(s.with({"a", kind::text, "1"}) == ids{"text"});
    CHECK(s.with({"a", kind::text, "true"}) == ids{"true text"});
    CHECK(s.with({"a", kind::number, "1"}) == ids{"whole", "real"});
    CHECK(s.with({"a", kind::number, "1.0"}) == ids{"whole", "real"});
    CHECK(s.with({"a", kind::number, "0.5"}) == ids{"half"});
    CHECK(s.with({"a", kind::number, "5e-1"}) == ids{"half"});
    CHECK(s.with({"a", kind::literal, "true"}) == ids{"true"});
    CHECK(s.with({"a", kind::literal, "false"}).empty());
    CHECK(s.with({"a", kind::literal, "null"}) == ids{"null"});
    CHECK(s.with({"a", kind::structured, R"([1,"x"])"}) == ids{"array"});
    CHECK(s.with({"a", kind::structured, R"({"b":"c\"d"})"}) == ids{"object"});
    CHECK(s.with({"a", kind::structured, "[]"}).empty());
    CHECK(s.with({"A", kind::text, "1"}).empty());
}

TEST_CASE("a metadata value from a query string equals any scalar that JSON writes so") {
    filtered s;
    s.put("text", {.metadata_json = R"({"a":"1"})"});
    s.put("number", {.metadata_json = R"({"a":1})"});
    s.put("half", {.metadata_json = R"({"a":0.5})"});
    s.put("true", {.metadata_json = R"({"a":true})"});
    s.put("true text", {.metadata_json = R"({"a":"true"})"});
    s.put("null", {.metadata_json = R"({"a":null})"});
    s.put("empty", {.metadata_json = R"({"a":""})"});
    CHECK(s.with({"a", kind::as_written, "1"}) == ids{"text", "number"});
    CHECK(s.with({"a", kind::as_written, "0.5"}) == ids{"half"});
    CHECK(s.with({"a", kind::as_written, "true"}) == ids{"true", "true text"});
    CHECK(s.with({"a", kind::as_written, "null"}) == ids{"null"});
    CHECK(s.with({"a", kind::as_written, ""}) == ids{"empty"});
}

TEST_CASE("a metadata key is a name, whatever characters it has") {
    filtered s;
    const std::pair<std::string, std::string> keys[] = {
        {"a.b", R"("a.b")"},
        {"a", R"("a")"},
        {"\"q\"", R"("\"q\"")"},
        {"", R"("")"},
        {"$", R"("$")"},
        {"$.a", R"("$.a")"},
        {"[0]", R"("[0]")"},
        {"0", R"("0")"},
        {"it's", R"("it's")"},
        {"back\\slash", R"("back\\slash")"},
        {"\u00e4 \u20ac", "\"\u00e4 \u20ac\""},
        {"tab\t", R"("tab\t")"},
        {"%", R"("%")"},
    };
    for (const auto& [key, text] : keys)
        s.put(key, {.metadata_json = "{\"other\":1," + text + ":\"v\"}"});
    for (const auto& [key, text] : keys) {
        CAPTURE(key);
        CHECK(s.with({key, kind::text, "v"}) == ids{key});
        CHECK(s.with({key, kind::as_written, "v"}) == ids{key});
    }
}

TEST_CASE("several metadata conditions must all hold") {
    filtered s;
    s.put("one", {.metadata_json = R"({"a":"1"})"});
    s.put("both", {.metadata_json = R"({"a":"1","b":2})"});
    CHECK(s.passing({.metadata = {{"a", kind::text, "1"}, {"b", kind::number, "2"}}}) ==
          ids{"both"});
    CHECK(s.passing({.metadata = {{"a", kind::text, "1"}, {"a", kind::text, "2"}}}).empty());
}

TEST_CASE("since and until take the event time, their own instant included") {
    filtered s;
    for (const char* time : {"2025-01-01T00:00:00Z", "2025-01-01T00:00:00.000001Z", "2025-01-02"})
        s.put(time, {.time = test::at(time)});
    const auto first = test::at("2025-01-01T00:00:00Z");
    const auto second = first + std::chrono::microseconds(1);
    CHECK(s.passing({.since = first}).size() == 3);
    CHECK(s.passing({.since = second}).size() == 2);
    CHECK(s.passing({.until = first}) == ids{"2025-01-01T00:00:00Z"});
    CHECK(s.passing({.since = second, .until = second}).size() == 1);
    CHECK(s.passing({.since = second, .until = first}).empty());
}

TEST_CASE("archived memories are left out unless they are asked for") {
    filtered s;
    s.put("kept", {.user_id = "ada"});
    s.put("archived", {.user_id = "ada"});
    s.run(s->amend_memory("archived", {.archived = true}));
    CHECK(s.passing({}) == ids{"kept"});
    CHECK(s.passing({.user_id = "ada"}) == ids{"kept"});
    CHECK(s.passing({.include_archived = true}) == ids{"kept", "archived"});
    s.run(s->amend_memory("archived", {.archived = false}));
    CHECK(s.passing({}) == ids{"kept", "archived"});
}

}  // namespace
}  // namespace memorypro::store
