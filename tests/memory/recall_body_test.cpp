#include "memory/body.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::memory {
namespace {

using kind = store::metadata_condition::kind;
using names = std::vector<std::string>;

result<recall_request> parse_request(std::string_view text) {
    return parse_recall(*parse_object(text));
}

names wrong_in_recall(std::string_view text) {
    const auto parsed = parse_request(text);
    INFO(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == errc::invalid_field);
    names fields;
    for (const auto& wrong : parsed.error().fields)
        fields.push_back(wrong.field);
    return fields;
}

TEST_CASE("a recall needs a query only, the rest has its defaults") {
    const auto wanted = parse_request(R"({"query":"tea"})");
    REQUIRE(wanted);
    CHECK(wanted->query == "tea");
    CHECK(wanted->count == 5);
    CHECK(wanted->weights.recent);
    CHECK(wanted->weights.responsibilities);
    CHECK(wanted->min_score == 0);
    CHECK_FALSE(wanted->explain);
    CHECK_FALSE(wanted->filter.include_archived);
    CHECK_FALSE(wanted->filter.user_id);
}

TEST_CASE("every filter of a recall reaches its place") {
    const auto wanted =
        parse_request(R"({"query":"tea","user_id":"u","agent_id":"a","session_id":"s",
        "memory_type":"fact","tags":["x","y"],"since":"2025-01-01","until":"2025-01-08",
        "include_archived":true,"min_score":0.25,"explain":true,"recall_count":1000})");
    REQUIRE(wanted);
    CHECK(wanted->filter.user_id == "u");
    CHECK(wanted->filter.agent_id == "a");
    CHECK(wanted->filter.session_id == "s");
    CHECK(wanted->filter.memory_type == "fact");
    CHECK(wanted->filter.tags == names{"x", "y"});
    CHECK(wanted->filter.since == test::at("2025-01-01"));
    CHECK(wanted->filter.until == test::at("2025-01-08"));
    CHECK(wanted->filter.include_archived);
    CHECK(wanted->min_score == 0.25);
    CHECK(wanted->explain);
    CHECK(wanted->count == 1000);
}

TEST_CASE("a metadata condition keeps its key as it is and its value's kind") {
    const auto wanted = parse_request(R"({"query":"tea","metadata":
        {"a":"1","b.c":1,"\"d":1.0,"e":true,"f":null,"\u00e4":{"x":[1,2]},"g":[]}})");
    REQUIRE(wanted);
    const std::vector<std::tuple<std::string, kind, std::string>> expected{
        {"a", kind::text, "1"},        {"b.c", kind::number, "1"},
        {"\"d", kind::number, "1.0"},  {"e", kind::literal, "true"},
        {"f", kind::literal, "null"},  {"\u00e4", kind::structured, R"({"x":[1,2]})"},
        {"g", kind::structured, "[]"},
    };
    REQUIRE(wanted->filter.metadata.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [key, type, value] = expected[i];
        CAPTURE(key);
        CHECK(wanted->filter.metadata[i].key == key);
        CHECK(wanted->filter.metadata[i].type == type);
        CHECK(wanted->filter.metadata[i].value == value);
    }
}

TEST_CASE("the weights are accepted at the top and inside options, where the top wins") {
    CHECK_FALSE(parse_request(R"({"query":"t","weight_recent":false})")->weights.recent);
    CHECK_FALSE(
        parse_request(R"({"query":"t","options":{"weight_recent":false}})")->weights.recent);
    CHECK(parse_request(R"({"query":"t","weight_recent":true,"options":{"weight_recent":false}})")
              ->weights.recent);
    CHECK_FALSE(parse_request(R"({"query":"t","options":{"weight_responsibilities":false}})")
                    ->weights.responsibilities);
}

TEST_CASE("what is the cloud's to use reaches it: actions and evolution are wanted by default") {
    CHECK(parse_request(R"({"query":"t","options":{}})")->auto_queue_actions);
    CHECK_FALSE(parse_request(R"({"query":"t","auto_queue_actions":false})")->auto_queue_actions);
    CHECK_FALSE(parse_request(R"({"query":"t","options":{"auto_queue_actions":false}})")
                    ->auto_queue_actions);
    CHECK(parse_request(R"({"query":"t","evolution_enabled":null})")->evolution_enabled);
    CHECK_FALSE(parse_request(R"({"query":"t","evolution_enabled":false})")->evolution_enabled);
}

TEST_CASE("a wrong field of a recall is named once") {
    struct {
        std::string_view text;
        std::string_view field;
    } const table[] = {
        {R"({})", "query"},
        {R"({"query":""})", "query"},
        {R"({"query":5})", "query"},
        {R"({"query":null})", "query"},
        {R"({"query":"t","recall_count":0})", "recall_count"},
        {R"({"query":"t","recall_count":1001})", "recall_count"},
        {R"({"query":"t","recall_count":-1})", "recall_count"},
        {R"({"query":"t","recall_count":1.5})", "recall_count"},
        {R"({"query":"t","recall_count":"5"})", "recall_count"},
        {R"({"query":"t","recall_count":18446744073709551615})", "recall_count"},
        {R"({"query":"t","min_score":1.1})", "min_score"},
        {R"({"query":"t","min_score":-0.1})", "min_score"},
        {R"({"query":"t","min_score":"0.5"})", "min_score"},
        {R"({"query":"t","weight_recent":1})", "weight_recent"},
        {R"({"query":"t","options":5})", "options"},
        {R"({"query":"t","options":{"weight_recent":"yes"}})", "options.weight_recent"},
        {R"({"query":"t","auto_queue_actions":"x"})", "auto_queue_actions"},
        {R"({"query":"t","evolution_enabled":0})", "evolution_enabled"},
        {R"({"query":"t","explain":"no"})", "explain"},
        {R"({"query":"t","include_archived":1})", "include_archived"},
        {R"({"query":"t","user_id":1})", "user_id"},
        {R"({"query":"t","tags":"x"})", "tags"},
        {R"({"query":"t","metadata":[]})", "metadata"},
        {R"({"query":"t","since":"last week"})", "since"},
        {R"({"query":"t","until":0})", "until"},
    };
    for (const auto& [text, field] : table)
        CHECK(wrong_in_recall(text) == names{std::string(field)});
}

TEST_CASE("several wrong fields of a recall are all named at once") {
    CHECK(wrong_in_recall(R"({"recall_count":0,"user_id":1,"since":"x","explain":"x"})") ==
          names{"query", "recall_count", "explain", "user_id", "since"});
}

TEST_CASE("a recall has at most 32 conditions of a kind") {
    std::string tags = "\"t\"";
    std::string metadata = "\"k\":1";
    for (int i = 1; i < 32; ++i) {
        tags += ",\"t\"";
        metadata += ",\"k" + std::to_string(i) + "\":1";
    }
    const auto body = [](const std::string& t, const std::string& m) {
        return "{\"query\":\"t\",\"tags\":[" + t + "],\"metadata\":{" + m + "}}";
    };
    CHECK(parse_request(body(tags, metadata)));
    CHECK(wrong_in_recall(body(tags + ",\"t\"", metadata + ",\"k\\n\":1")) ==
          names{"tags", "metadata"});
}

TEST_CASE("a filter inside options is refused by name: it would restrict nothing there") {
    for (const std::string name :
         {"user_id", "agent_id", "session_id", "memory_type", "type", "tags", "metadata", "since",
          "until", "include_archived", "min_score"})
        CHECK(wrong_in_recall("{\"query\":\"t\",\"options\":{\"" + name + "\":null}}") ==
              names{"options." + name});
}

TEST_CASE("a filter with NUL is refused by name") {
    CHECK(wrong_in_recall(R"({"query":"t","user_id":"\u0000","tags":["a\u0000"]})") ==
          names{"user_id", "tags[0]"});
}

}  // namespace
}  // namespace memorypro::memory
