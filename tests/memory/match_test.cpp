// A filter means the same to a memory in hand as to the store's rows: both are asked.
#include "memory/match.hpp"

#include <algorithm>

#include "store/fixture.hpp"

namespace memorypro::memory {
namespace {

using kind = store::metadata_condition::kind;
using store::memory_content;
using store::memory_filter;

using test::noon;
constexpr std::chrono::microseconds tick{1};

std::vector<memory_content> contents() {
    std::vector<memory_content> all{
        {},
        {.user_id = "ada"},
        {.user_id = "Ada"},
        {.user_id = ""},
        {.agent_id = "ada"},
        {.session_id = "ada"},
        {.user_id = "ada", .agent_id = "ada", .session_id = "ada", .memory_type = "ada"},
        {.memory_type = "fact"},
        {.priority = store::priority::urgent, .time = noon - tick},
        {.time = noon},
        {.time = noon + tick},
    };
    for (const char* tags : {R"(["x"])", R"(["y","x"])", R"(["x y","\"q\"","\u00e4","1","",".a"])"})
        all.push_back({.tags_json = tags});
    for (const char* metadata : {R"({"a":"1"})",
                                 R"({"a":1})",
                                 R"({"a":1.0})",
                                 R"({"a":0.5})",
                                 R"({"a":-0.0})",
                                 R"({"a":0})",
                                 R"({"a":true})",
                                 R"({"a":"true"})",
                                 R"({"a":false})",
                                 R"({"a":null})",
                                 R"({"a":""})",
                                 R"({"a":[1,"x"]})",
                                 R"({"a":[]})",
                                 R"({"a":{"b":"c\"d"}})",
                                 R"({"b":{"a":1}})",
                                 R"({"a":"1","b":2})",
                                 R"({"a":9007199254740993})",
                                 R"({"a":9007199254740992.0})",
                                 R"({"a":9223372036854775807})",
                                 R"({"a":9223372036854775808})",
                                 R"({"a":-9223372036854775808})",
                                 R"({"a":1e20})",
                                 R"({"a":1e-7})",
                                 R"({"a":0.1})",
                                 R"({"a":"\u00e4\n"})",
                                 R"({"a.b":"x"})",
                                 R"({"\"q\"":"x"})",
                                 R"({"":"x"})",
                                 R"({"$":"x","0":"y"})"})
        all.push_back({.metadata_json = metadata});
    return all;
}

std::vector<memory_filter> filters() {
    std::vector<memory_filter> all{
        {},
        {.include_archived = true},
        {.user_id = "ada"},
        {.user_id = ""},
        {.user_id = "%"},
        {.agent_id = "ada"},
        {.session_id = "ada"},
        {.session_id = "Ada"},
        {.memory_type = "fact"},
        {.memory_type = "conversation"},
        {.user_id = "ada", .agent_id = "ada", .session_id = "ada", .memory_type = "ada"},
        {.user_id = "ada", .session_id = "Ada"},
        {.since = noon},
        {.since = noon + tick},
        {.until = noon},
        {.until = noon - tick},
        {.since = noon, .until = noon},
        {.since = noon + tick, .until = noon},
        {.metadata = {{"a", kind::text, "1"}, {"b", kind::number, "2"}}},
        {.metadata = {{"a", kind::text, "1"}, {"a", kind::text, "2"}}},
    };
    for (const char* tag : {"x", "X", "y", "x y", "\"q\"", "\u00e4", "1", "", ".a"}) {
        all.push_back({.tags = {tag}});
        all.push_back({.tags = {"x", tag}});
    }
    for (const char* key : {"a", "A", "b", "a.b", "\"q\"", "", "$", "0", "%"}) {
        for (const char* text : {"1", "x", "y", "true", "null", "", "0.5", "\u00e4\n"}) {
            all.push_back({.metadata = {{key, kind::text, text}}});
            all.push_back({.metadata = {{key, kind::as_written, text}}});
        }
        for (const char* literal : {"true", "false", "null"})
            all.push_back({.metadata = {{key, kind::literal, literal}}});
    }
    for (const char* number :
         {"1", "1.0", "0", "0.5", "5e-1", "0.1", "2", "9007199254740992", "9007199254740992.0",
          "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
          "1e20", "100000000000000000000.0", "1e-7"}) {
        all.push_back({.metadata = {{"a", kind::number, number}}});
        all.push_back({.metadata = {{"a", kind::as_written, number}}});
    }
    all.push_back({.metadata = {{"a", kind::number, "-0.0"}}});
    for (const char* written : {"1.0e+20", "1.0e-07", "9.22337203685478e+18", "[]", R"([1,"x"])"})
        all.push_back({.metadata = {{"a", kind::as_written, written}}});
    for (const char* structured : {"[]", "{}", R"([1,"x"])", R"({"b":"c\"d"})", R"({"a":1})"}) {
        all.push_back({.metadata = {{"a", kind::structured, structured}}});
        all.push_back({.metadata = {{"b", kind::structured, structured}}});
    }
    return all;
}

std::string shown(const memory_filter& f) {
    std::string text;
    for (const auto& tag : f.tags)
        text += " tag=" + tag;
    for (const auto& c : f.metadata)
        text += " metadata." + c.key + "=" + c.value + " kind " +
                std::to_string(static_cast<int>(c.type));
    return text;
}

TEST_CASE("a filter lets a memory in hand through exactly where the store does") {
    store::store_fixture s;
    int number = 0;
    for (auto what : contents()) {
        what.content = "tea";
        s.add({.id = "m" + std::to_string(number++), .what = std::move(what), .created_at = noon});
    }
    s.add("archived", "tea");
    s.run(s->amend_memory("archived", {.archived = true}));
    const auto all = s.list({.include_archived = true}).memories;
    REQUIRE(all.size() == contents().size() + 1);

    std::size_t passed = 0;
    for (const auto& filter : filters()) {
        store::ids here;
        for (const auto& m : all)
            if (matches(m, filter)) here.push_back(m.id);
        CAPTURE(shown(filter));
        CHECK(here == s.listed(filter));
        passed += here.size();
    }
    CHECK(passed > filters().size());  // it was no comparison of nothing with nothing
}

TEST_CASE(
    "a memory without a time, or with metadata that is no JSON, satisfies no condition on it") {
    const store::memory m{.what = {.metadata_json = "{", .tags_json = "x"}};
    CHECK(matches(m, {}));
    CHECK_FALSE(matches(m, {.since = timestamp()}));
    CHECK_FALSE(matches(m, {.until = noon}));
    CHECK_FALSE(matches(m, {.tags = {"x"}}));
    CHECK_FALSE(matches(m, {.metadata = {{"a", kind::literal, "null"}}}));
}

}  // namespace
}  // namespace memorypro::memory
