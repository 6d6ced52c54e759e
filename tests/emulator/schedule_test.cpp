#include "emulator/schedule.hpp"

#include "support/catch.hpp"

namespace memorypro::emulator {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a schedule is an event and its seconds") {
    CHECK(*parse_schedule("evolution_updates@30") == scheduled_event{"evolution_updates", 30s});
    CHECK(*parse_schedule("memory_insights@0.5") == scheduled_event{"memory_insights", 500ms});
}

TEST_CASE("a schedule that cannot be kept is refused") {
    for (const char* text :
         {"", "evolution_updates", "evolution_updates@", "evolution_updates@x", "other@1",
          "evolution_updates@0", "evolution_updates@0.01", "evolution_updates@1e9",
          "evolution_updates@nan", "evolution_updates@-1", "evolution_updates@1 "}) {
        INFO(text);
        CHECK(parse_schedule(text).error().code == errc::invalid_field);
    }
}

}  // namespace
}  // namespace memorypro::emulator
