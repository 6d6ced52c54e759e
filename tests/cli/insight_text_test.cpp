#include "cli/insight_text.hpp"

#include "support/catch.hpp"

using namespace memorypro::cli;

namespace {

std::string line(std::string_view kind, std::string_view payload) {
    return insight_line(kind, boost::json::parse(payload));
}

}  // namespace

TEST_CASE("an insight is told in a line of its own words") {
    CHECK(line("lifecycle_recommendation",
               R"({"action":"archive","memory_ids":["a","b"],"reason":"Low relevance"})") ==
          "archive a, b: Low relevance");
    CHECK(line("lifecycle_recommendation", R"({"action":"delete","memory_id":"a"})") == "delete a");
    CHECK(line("evolution_update", R"({"insight":"Prefers mornings","recommendation":"Ask"})") ==
          "Prefers mornings; Ask");
    CHECK(line("discovered_action", R"({"title":"Call","priority":"high"})") == "Call, high");
    CHECK(line("memory_insights", R"({"total_memories":3,"patterns":[1],"score":0.5})") ==
          "total memories 3, score 0.5");
}

TEST_CASE("an insight without the words of its kind is its JSON") {
    CHECK(line("evolution_update", R"({"x":1})") == R"({"x":1})");
    CHECK(line("unknown", R"({"title":"t"})") == R"({"title":"t"})");
    CHECK(line("lifecycle_recommendation", "[1]") == "[1]");
}

TEST_CASE("a pattern lists its values, and any other shape is itself") {
    const auto pattern = [](std::string_view text) {
        return pattern_line(boost::json::parse(text));
    };
    CHECK(pattern(R"({"pattern":"top_tags","values":[{"value":"a","count":3},"b"]})") ==
          "top tags: a (3), b");
    CHECK(pattern(R"("often in the morning")") == "often in the morning");
    CHECK(pattern(R"({"x":1})") == R"({"x":1})");
}
