#include "emulator/event_data.hpp"

#include "insights/items.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::emulator {
namespace {

store::memory about(std::string content) {
    store::memory made;
    made.id = "mem_1";
    made.what.content = std::move(content);
    made.created_at = test::at("2025-01-08T12:00:00Z");
    return made;
}

TEST_CASE("each event about a memory is one item of its kind that names the memory") {
    using enum store::insight_kind;
    const std::pair<std::string_view, store::insight_kind> expected[] = {
        {"lifecycle_recommendations", lifecycle_recommendation},
        {"evolution_updates", evolution_update},
        {"discovered_actions", discovered_action}};
    for (const auto& [type, kind] : expected) {
        INFO(type);
        const json::object event{{"event_type", type}, {"data", data_about(type, about("tea"))}};
        const auto items = insights::read_items(event);
        REQUIRE(items.size() == 1);
        CHECK(items[0].kind == kind);
        CHECK(items[0].payload.find("\"mem_1\"") != std::string::npos);
    }
}

TEST_CASE("a long memory is cut between characters") {
    std::string content = "a";
    for (int i = 0; i < 100; ++i)
        content += "é";
    const auto text = to_json(data_about("evolution_updates", about(content)));
    CHECK(parse_object(text));  // refuses what is not UTF-8
    CHECK(text.find("é…") != std::string::npos);
    CHECK(text.find(content) == std::string::npos);
}

}  // namespace
}  // namespace memorypro::emulator
