#include "cloud/wire.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::cloud {
namespace {

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

recalled recall(std::string_view memories) {
    const auto parsed = parse_recalled("{\"memories\":" + std::string(memories) + "}", 100);
    REQUIRE(parsed);
    return *parsed;
}

found only(std::string_view memory) {
    const auto all = recall("[" + std::string(memory) + "]").memories;
    REQUIRE(all.size() == 1);
    return all[0];
}

TEST_CASE("what a store answers: the id, and an analysis when there is one") {
    const auto plain = parse_written(R"({"status":"success","memory_id":"mem_1"})", true);
    REQUIRE(plain);
    CHECK(plain->memory_id == "mem_1");
    CHECK(plain->analysis_json.empty());
    const auto rich = parse_written(R"({"memory_id":"m","analysis":{"topics":["a", 1.0]}})", true);
    REQUIRE(rich);
    CHECK(rich->analysis_json == R"({"topics":["a",1.0]})");
    const auto odd = parse_written(R"({"memory_id":"m","analysis":"none"})", true);
    REQUIRE(odd);
    CHECK(odd->analysis_json.empty());
}

TEST_CASE("a store's answer without a usable id is not what was promised, a sync's is") {
    for (const std::string_view body :
         {R"({})", R"({"status":"success"})", R"({"memory_id":null})", R"({"memory_id":""})",
          R"({"memory_id":7})", R"({"id":"mem_1"})", R"({"memory_id":["mem_1"]})"}) {
        CAPTURE(body);
        CHECK_FALSE(parse_written(body, true));
        const auto synced = parse_written(body, false);
        REQUIRE(synced);
        CHECK(synced->memory_id == std::nullopt);
    }
    CHECK(parse_written(R"({"memory_id":"mem_1"})", false)->memory_id == "mem_1");
}

TEST_CASE("an answer that is not a JSON object is not what was promised") {
    for (const std::string_view body :
         {"", " ", "<html>Sign in to the network</html>", "[]", "null", "\"mem_1\"",
          R"({"memory_id":"mem_1"} x)", "{\"memory_id\":\"\xff\"}",
          R"({"memory_id":"m","n":1e999})"}) {
        CAPTURE(body);
        CHECK_FALSE(parse_written(body, true));
        CHECK_FALSE(parse_written(body, false));
        CHECK_FALSE(parse_recalled(body, 5));
    }
}

TEST_CASE("a recall's answer needs an array of memories") {
    for (const std::string_view body : {R"({})", R"({"memories":null})", R"({"memories":{}})",
                                        R"({"memories":"none"})", R"({"status":"success"})"}) {
        CAPTURE(body);
        CHECK_FALSE(parse_recalled(body, 5));
    }
    const auto none = parse_recalled(R"({"memories":[]})", 5);
    REQUIRE(none);
    CHECK(none->memories.empty());
    CHECK(none->actions_json == "[]");
    CHECK(none->analysis_json == "{}");
}

TEST_CASE("a recalled memory has all that the answer says") {
    const auto got = only(R"({"memory_id":"mem_1","content":"hello","metadata":{"k":0.5},
        "session_id":"s","agent_id":"a","user_id":"u","memory_type":"fact","tags":["t","v"],
        "priority":"high","timestamp":"2025-01-08T12:00:00Z","created_at":"2025-01-08T13:00:00+01:00",
        "archived":true,"sync_state":"queued","relevance_score":0.75})");
    const auto& memory = got.memory;
    CHECK(memory.id == "mem_1");
    CHECK(memory.what.content == "hello");
    CHECK(memory.what.metadata_json == R"({"k":0.5})");
    CHECK(memory.what.session_id == "s");
    CHECK(memory.what.agent_id == "a");
    CHECK(memory.what.user_id == "u");
    CHECK(memory.what.memory_type == "fact");
    CHECK(memory.what.tags_json == R"(["t","v"])");
    CHECK(memory.what.priority == store::priority::high);
    CHECK(memory.what.time == test::at("2025-01-08T12:00:00Z"));
    CHECK(memory.created_at == test::at("2025-01-08T12:00:00Z"));
    CHECK(memory.archived);
    CHECK(memory.sync_state == store::sync_state::synced);
    CHECK(memory.what.extra_json.empty());
    CHECK(got.score == 0.75);
    CHECK(got.names_session);
}

TEST_CASE("a recalled memory of id and content has the defaults") {
    const auto got = only(R"({"memory_id":"mem_1","content":"hello"})");
    const auto& what = got.memory.what;
    CHECK(what.metadata_json.empty());
    CHECK(what.tags_json.empty());
    CHECK(what.extra_json.empty());
    CHECK_FALSE(what.session_id);
    CHECK_FALSE(what.agent_id);
    CHECK_FALSE(what.user_id);
    CHECK(what.memory_type == "conversation");
    CHECK(what.priority == store::priority::medium);
    CHECK(what.time == timestamp());
    CHECK(got.memory.created_at == timestamp());
    CHECK_FALSE(got.memory.archived);
    CHECK(got.memory.sync_state == store::sync_state::synced);
    CHECK(got.score == std::nullopt);
    CHECK_FALSE(got.names_session);
}

TEST_CASE("a field of a wrong type counts as missing") {
    const auto got = only(R"({"memory_id":"mem_1","content":"hello","metadata":[1],"session_id":5,
        "agent_id":{},"user_id":true,"memory_type":null,"tags":["t",1],"priority":"highest",
        "timestamp":1736337600,"created_at":"yesterday","archived":"yes","relevance_score":"0.5"})");
    const auto plain = only(R"({"memory_id":"mem_1","content":"hello"})");
    const auto& what = got.memory.what;
    CHECK(what.metadata_json == plain.memory.what.metadata_json);
    CHECK(what.session_id == plain.memory.what.session_id);
    CHECK(what.agent_id == plain.memory.what.agent_id);
    CHECK(what.user_id == plain.memory.what.user_id);
    CHECK(what.memory_type == plain.memory.what.memory_type);
    CHECK(what.tags_json == plain.memory.what.tags_json);
    CHECK(what.priority == plain.memory.what.priority);
    CHECK(what.time == plain.memory.what.time);
    CHECK(got.memory.created_at == plain.memory.created_at);
    CHECK(what.extra_json.empty());
    CHECK_FALSE(got.memory.archived);
    CHECK(got.score == std::nullopt);
    CHECK(got.names_session);
}

TEST_CASE("a session that is null is named all the same") {
    const auto got = only(R"({"memory_id":"m","content":"c","session_id":null})");
    CHECK(got.names_session);
    CHECK_FALSE(got.memory.what.session_id);
}

TEST_CASE("of the two times of a memory each stands in for the other") {
    using test::noon;
    const auto event = only(R"({"memory_id":"m","content":"c","timestamp":"2025-01-08T12:00:00"})");
    CHECK(event.memory.what.time == noon);
    CHECK(event.memory.created_at == noon);
    const auto made =
        only(R"({"memory_id":"m","content":"c","created_at":"2025-01-08T12:00:00Z"})");
    CHECK(made.memory.what.time == noon);
    CHECK(made.memory.created_at == noon);
}

TEST_CASE("an id is memory_id, else id") {
    CHECK(only(R"({"id":"i","content":"c"})").memory.id == "i");
    CHECK(only(R"({"memory_id":7,"id":"i","content":"c"})").memory.id == "i");
    const auto both = only(R"({"memory_id":"m","id":"i","content":"c"})");
    CHECK(both.memory.id == "m");
    CHECK(both.memory.what.extra_json == R"({"id":"i"})");
}

TEST_CASE("a score is relevance_score, else score") {
    CHECK(only(R"({"id":"i","content":"c","score":1})").score == 1.0);
    CHECK(only(R"({"id":"i","content":"c","relevance_score":null,"score":-2.5})").score == -2.5);
    CHECK(only(R"({"id":"i","content":"c","score":18446744073709551615})").score == 0x1p64);
    const auto both = only(R"({"id":"i","content":"c","relevance_score":0.5,"score":7})");
    CHECK(both.score == 0.5);
    CHECK(both.memory.what.extra_json == R"({"score":7})");
}

TEST_CASE("type is another name of memory_type") {
    CHECK(only(R"({"id":"i","content":"c","type":"fact"})").memory.what.memory_type == "fact");
    CHECK(only(R"({"id":"i","content":"c","type":"x","memory_type":"fact"})")
              .memory.what.memory_type == "fact");
}

TEST_CASE("unknown fields of a memory are kept, and none that an answer of ours has") {
    const auto got = only(R"({"mood":"good","memory_id":"m","content":"c","a\"b":{"x":[1,0.5]},
        "explain":{"text":1},"sync_state":"dead","local_memory_id":null})");
    CHECK(got.memory.what.extra_json ==
          R"({"mood":"good","a\"b":{"x":[1,0.5]},"local_memory_id":null})");
}

TEST_CASE("what has no id or no content is left out, the others keep their order") {
    const auto got = recall(R"([{"id":"a","content":"1"},{"content":"x"},{"id":"","content":"x"},
        {"id":"x"},{"id":"x","content":""},{"id":"x","content":null},null,7,"x",[],
        {"memory_id":"b","content":"2"}])");
    REQUIRE(got.memories.size() == 2);
    CHECK(got.memories[0].memory.id == "a");
    CHECK(got.memories[1].memory.id == "b");
}

TEST_CASE("a recall's actions and analysis are passed on as they are") {
    const auto got = parse_recalled(R"({"memories":[],"discovered_actions":[{"type":"task"}, 1],
        "analysis":{"evolution":0.5}})",
                                    5);
    REQUIRE(got);
    CHECK(got->actions_json == R"([{"type":"task"},1])");
    CHECK(got->analysis_json == R"({"evolution":0.5})");
    const auto odd = parse_recalled(R"({"memories":[],"discovered_actions":{},"analysis":[1]})", 5);
    REQUIRE(odd);
    CHECK(odd->actions_json == "[]");
    CHECK(odd->analysis_json == "{}");
}

TEST_CASE("what is nested as deep as a store takes it can be recalled") {
    const auto stored = nested(most_depth - 2);
    REQUIRE(parse_object(R"({"content":"c","metadata":{"k":)" + stored + "}}"));
    REQUIRE_FALSE(
        parse_object(R"({"content":"c","metadata":{"k":)" + nested(most_depth - 1) + "}}"));
    const auto got = only(R"({"id":"i","content":"c","metadata":{"k":)" + stored + "}}");
    CHECK(got.memory.what.metadata_json == "{\"k\":" + stored + "}");
}

TEST_CASE("an answer that is nested without end is not what was promised") {
    const std::string bottomless(1'000'000, '[');
    CHECK_FALSE(parse_recalled("{\"memories\":" + bottomless, 5));
    CHECK_FALSE(parse_recalled("{\"memories\":[" + nested(1'000) + "]}", 5));
    CHECK_FALSE(parse_written("{\"memory_id\":\"m\",\"analysis\":" + nested(100'000) + "}", true));
}

TEST_CASE("of the memories that are recalled only as many are read as were asked for") {
    const auto got = parse_recalled(
        R"({"memories":[7,{"id":"a","content":"1"},{"id":"b","content":"2"},
            {"id":"c","content":"3"}],"discovered_actions":[1]})",
        2);
    REQUIRE(got);
    REQUIRE(got->memories.size() == 2);
    CHECK(got->memories[1].memory.id == "b");
    CHECK(got->actions_json == "[1]");
}

TEST_CASE("an answer of so many tiny values that they would fill the memory is refused") {
    const auto answer_of = [](std::size_t count) {
        std::string body = "{\"memory_id\":\"m\",\"memories\":[{\"id\":\"a\",\"content\":\"b\"}";
        for (std::size_t i = 1; i < count; ++i)
            body += ",{\"id\":\"a\",\"content\":\"b\"}";
        return body + "]}";
    };
    CHECK(parse_recalled(answer_of(10'000), 5)->memories.size() == 5);
    CHECK_FALSE(parse_recalled(answer_of(600'000), 5));
    CHECK_FALSE(parse_written(answer_of(600'000), true));
}

TEST_CASE("an answer that is long because a memory is long is read") {
    const std::string text(15 << 20, 'x');
    CHECK(only("{\"id\":\"a\",\"content\":\"" + text + "\"}").memory.what.content == text);
}

TEST_CASE("an id that is longer than the API takes one counts as missing") {
    const std::string longest(1024, 'i');
    const auto written = [](const std::string& id) {
        return parse_written("{\"memory_id\":\"" + id + "\"}", true);
    };
    CHECK(written(longest)->memory_id == longest);
    CHECK_FALSE(written(longest + 'i'));
    CHECK(recall("[{\"id\":\"" + longest + "\",\"content\":\"c\"}]").memories.size() == 1);
    CHECK(recall("[{\"id\":\"" + longest + "i\",\"content\":\"c\"}]").memories.empty());
}

// A valid answer with a little of everything.
const std::string whole =
    R"({"status":"success","memory_id":"mem_1","memories":[{"memory_id":"mem_ü🚀","content":"a\n\"b\"",)"
    R"("metadata":{"k":[1,-2.5e3,null,true,{}]},"tags":["t"],"priority":"low",)"
    R"("timestamp":"2025-01-08T12:00:00.5+02:00","score":0.5,"mood":"\u00fc\ud83d\ude80"}],)"
    R"("discovered_actions":[{"type":"task"}],"analysis":{"n":1}})";

TEST_CASE("a truncated answer is not what was promised") {
    REQUIRE(parse_recalled(whole, 5));
    REQUIRE(parse_written(whole, true));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_recalled(whole.substr(0, size), 5));
        CHECK_FALSE(parse_written(whole.substr(0, size), false));
    }
}

TEST_CASE("an answer with any byte changed is read or refused, and what is read is UTF-8 JSON") {
    constexpr std::string_view bytes{"\0\x01\"\\{}[],:09ezn\x7f\x80\xc3\xe2\xf0\xff", 21};
    int read = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char byte : bytes) {
            auto body = whole;
            body[at] = byte;
            parse_written(body, true);
            const auto got = parse_recalled(body, 5);
            if (!got) continue;
            ++read;
            std::string all = "{\"actions\":" + got->actions_json + ",\"a\":" + got->analysis_json;
            for (const auto& one : got->memories) {
                all += ",\"m\":" + store_body(one.memory.what, one.memory.created_at) + ",\"id\":";
                append_json(all, std::string_view(one.memory.id));
            }
            if (!parse_object(all + '}')) FAIL_CHECK(body);
        }
    }
    CHECK(read > 100);
}

}  // namespace
}  // namespace memorypro::cloud
