#include "cloud/wire.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::cloud {
namespace {

using kind = store::metadata_condition::kind;

using test::noon;
const timestamp evening = test::at("2025-01-08T18:30:00.25Z");

TEST_CASE("a store body has the contract's fields, null where there is nothing") {
    CHECK(store_body({.content = "hello"}, noon) ==
          R"({"content":"hello","metadata":{},"session_id":null,"agent_id":null,)"
          R"("timestamp":"2025-01-08T12:00:00.000000Z","user_id":null,)"
          R"("memory_type":"conversation"})");
}

TEST_CASE("a store body has everything that was given") {
    const store::memory_content what{.content = "say \"hi\"\n",
                                     .metadata_json = R"({"k":[1,{"d":0.5}]})",
                                     .tags_json = R"(["a","b"])",
                                     .extra_json = R"({"mood":"good","n":1.50})",
                                     .user_id = "u\\1",
                                     .agent_id = "",
                                     .session_id = "s",
                                     .memory_type = "fact",
                                     .priority = store::priority::urgent,
                                     .time = evening};
    CHECK(store_body(what, noon) ==
          R"({"content":"say \"hi\"\n","metadata":{"k":[1,{"d":0.5}]},"session_id":"s",)"
          R"("agent_id":"","timestamp":"2025-01-08T18:30:00.250000Z","user_id":"u\\1",)"
          R"("memory_type":"fact","tags":["a","b"],"priority":"urgent","mood":"good","n":1.50})");
}

TEST_CASE("only a priority other than medium is sent") {
    store::memory_content what{.content = "x"};
    CHECK(store_body(what, noon).find("priority") == std::string::npos);
    what.priority = store::priority::low;
    CHECK(store_body(what, noon).ends_with(R"(,"priority":"low"})"));
    what.priority = store::priority::high;
    CHECK(store_body(what, noon).ends_with(R"(,"priority":"high"})"));
}

TEST_CASE("unknown fields without members add nothing") {
    CHECK(store_body({.content = "x", .extra_json = "{}"}, noon) ==
          store_body({.content = "x"}, noon));
}

TEST_CASE("a sync body is a store body and the local id") {
    const store::memory_content what{.content = "x", .extra_json = R"({"mood":"good"})"};
    CHECK(sync_body(what, noon, "l\"1") ==
          R"({"content":"x","metadata":{},"session_id":null,"agent_id":null,)"
          R"("timestamp":"2025-01-08T12:00:00.000000Z","user_id":null,)"
          R"("memory_type":"conversation","local_memory_id":"l\"1","mood":"good"})");
}

TEST_CASE("a local id among the unknown fields is sent on by store and replaced by sync") {
    const store::memory_content what{
        .content = "x", .extra_json = R"({"local_memory_id":"theirs","mood":"local_memory_id"})"};
    CHECK(
        store_body(what, noon)
            .ends_with(
                R"("memory_type":"conversation","local_memory_id":"theirs","mood":"local_memory_id"})"));
    CHECK(sync_body(what, noon, "ours")
              .ends_with(R"(,"local_memory_id":"ours","mood":"local_memory_id"})"));
    const auto alone =
        sync_body({.content = "x", .extra_json = R"({"local_memory_id":7})"}, noon, "ours");
    CHECK(alone.ends_with(R"("memory_type":"conversation","local_memory_id":"ours"})"));
}

TEST_CASE("bodies are JSON objects without a name twice") {
    const store::memory_content what{.content = std::string("nul \0 and \x01\x7f ü 🚀", 20),
                                     .metadata_json = R"({"a":1})",
                                     .tags_json = R"(["t"])",
                                     .extra_json = R"({"local_memory_id":"x","y":{}})",
                                     .priority = store::priority::high};
    for (const auto& body : {store_body(what, noon), sync_body(what, noon, "m1")}) {
        const auto object = parse_object(body);
        REQUIRE(object);
        CHECK(to_json(*object) == body);
        CHECK(object->at("content").as_string() == std::string_view(what.content));
    }
}

TEST_CASE("a recall body has the seed's fields") {
    CHECK(recall_body({.query = "what \"now\"?"}) ==
          R"({"query":"what \"now\"?","recall_count":5,"weight_recent":true,)"
          R"("weight_responsibilities":true,"auto_queue_actions":true,"session_id":null,)"
          R"("evolution_enabled":true})");
    CHECK(recall_body({.query = "q",
                       .count = 1000,
                       .weight_recent = false,
                       .weight_responsibilities = false,
                       .auto_queue_actions = false,
                       .evolution_enabled = false,
                       .filter = {.session_id = "s"}}) ==
          R"({"query":"q","recall_count":1000,"weight_recent":false,)"
          R"("weight_responsibilities":false,"auto_queue_actions":false,"session_id":"s",)"
          R"("evolution_enabled":false})");
}

std::string filters_of(store::memory_filter filter) {
    constexpr std::string_view last = R"("evolution_enabled":true)";
    const auto body = recall_body({.query = "q", .filter = std::move(filter)});
    REQUIRE(parse_object(body));
    return body.substr(body.find(last) + last.size());
}

TEST_CASE("a recall body has the filters that were given") {
    CHECK(filters_of({.user_id = "u",
                      .agent_id = "a",
                      .memory_type = "fact",
                      .tags = {"x", "y\"z"},
                      .since = noon,
                      .until = evening,
                      .include_archived = true}) ==
          R"(,"user_id":"u","agent_id":"a","memory_type":"fact","tags":["x","y\"z"],)"
          R"("since":"2025-01-08T12:00:00.000000Z","until":"2025-01-08T18:30:00.250000Z",)"
          R"("include_archived":true})");
    CHECK(filters_of({.user_id = ""}) == R"(,"user_id":""})");
}

TEST_CASE("conditions on metadata are sent as the JSON values that they were") {
    CHECK(filters_of({.metadata = {{"t\"", kind::text, "5"},
                                   {"n", kind::number, "1.5"},
                                   {"b", kind::literal, "true"},
                                   {"z", kind::literal, "null"},
                                   {"o", kind::structured, R"({"k":[1]})"}}}) ==
          R"(,"metadata":{"t\"":"5","n":1.5,"b":true,"z":null,"o":{"k":[1]}}})");
}

TEST_CASE("a condition without a type is left out") {
    CHECK(filters_of({.metadata = {{"a", kind::as_written, "5"}}}) == "}");
    CHECK(filters_of({.metadata = {{"a", kind::as_written, "5"},
                                   {"b", kind::text, "x"},
                                   {"c", kind::as_written, "y"}}}) == R"(,"metadata":{"b":"x"}})");
}

}  // namespace
}  // namespace memorypro::cloud
