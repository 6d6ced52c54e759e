#include "emulator/delivery.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::emulator {
namespace {

const timestamp now = test::at("2025-01-08T12:00:00Z");

result<json::object> envelope(std::string_view event) {
    return envelope_of(*parse_object(event), now);
}

TEST_CASE("an event gets the user and the time that it lacks") {
    CHECK(to_json(*envelope(R"({"event_type":"x","data":{"a":1}})")) ==
          R"({"event_type":"x","data":{"a":1},"user_id":"development",)"
          R"("timestamp":"2025-01-08T12:00:00.000000Z"})");
}

TEST_CASE("what an event says of itself is kept") {
    const std::string whole =
        R"({"event_type":"x","user_id":"u","timestamp":"t","data":{},"more":[1]})";
    CHECK(to_json(*envelope(whole)) == whole);
}

TEST_CASE("an event without a type or data is refused") {
    for (const char* event :
         {R"({})", R"({"event_type":"","data":{}})", R"({"data":{}})", R"({"event_type":"x"})",
          R"({"event_type":"x","data":[]})", R"({"event_type":1,"data":{}})"})
        CHECK(envelope(event).error().code == errc::invalid_field);
}

}  // namespace
}  // namespace memorypro::emulator
