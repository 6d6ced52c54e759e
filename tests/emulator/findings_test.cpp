#include "emulator/findings.hpp"

#include <fmt/format.h>

#include "emulator/files.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::emulator {
namespace {

void add(findings& to, std::string_view document) {
    const auto parsed = parse_object(document);
    to.add(insights::read_items(*parsed));
}

std::string recommendation(int n) {
    return fmt::format(
        R"({{"event_type":"lifecycle_recommendations",)"
        R"("data":{{"recommendations":[{{"action":"archive","memory_ids":["m{}"]}}]}}}})",
        n);
}

TEST_CASE("who polls gets the items of every event once, also after a restart") {
    const test::temp_dir place;
    const std::string path = place.file("findings.json");
    {
        findings first(path);
        add(first, recommendation(1));
        add(first, recommendation(1));
        add(first,
            R"({"event_type":"discovered_actions","data":{"actions":[{"memory_id":"m2"}]}})");
    }
    const findings again(path);
    CHECK(to_json(again.document({{"total_memories", 1}})) ==
          R"({"evolution_updates":[],"lifecycle_recommendations":)"
          R"([{"action":"archive","memory_ids":["m1"]}],"discovered_actions":[{"memory_id":"m2"}],)"
          R"("memory_insights":{"total_memories":1}})");
    CHECK(again.cites("lifecycle_recommendations", "m1"));
    CHECK(again.cites("discovered_actions", "m2"));
    CHECK_FALSE(again.cites("evolution_updates", "m1"));
}

TEST_CASE("before any event the document has the three members of the contract") {
    const test::temp_dir place;
    const findings none(place.file("findings.json"));
    CHECK(to_json(none.document({{"total_memories", 1}})) ==
          R"({"evolution_updates":[],"lifecycle_recommendations":[],)"
          R"("memory_insights":{"total_memories":1}})");
}

TEST_CASE("memory insights that were sent stand in place of the counted ones") {
    const test::temp_dir place;
    findings found(place.file("findings.json"));
    add(found, R"({"event_type":"memory_insights","data":{"insights":{"total_memories":7}}})");
    CHECK(to_json(found.document({{"total_memories", 1}}).at("memory_insights")) ==
          R"({"total_memories":7})");
}

TEST_CASE("of each kind the newest findings are kept") {
    const test::temp_dir place;
    findings found(place.file("findings.json"));
    for (int n = 0; n <= static_cast<int>(findings::most_kept); ++n)
        add(found, recommendation(n));
    CHECK_FALSE(found.cites("lifecycle_recommendations", "m0"));
    CHECK(found.cites("lifecycle_recommendations", "m1"));
}

TEST_CASE("damaged findings are an error that names the file") {
    const test::temp_dir place;
    const std::string path = place.file("findings.json");
    write_file(path, "{");
    CHECK_THROWS_AS(findings(path), failed);
}

}  // namespace
}  // namespace memorypro::emulator
