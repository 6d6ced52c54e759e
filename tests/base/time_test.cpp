#include "base/time.hpp"

#include "support/catch.hpp"

namespace memorypro {
namespace {

using namespace std::chrono;

std::string normal(std::string_view text) {
    const auto time = parse_time(text);
    return time ? format_time(*time) : "refused";
}

TEST_CASE("times are understood as RFC 3339 and its usual relaxations write them") {
    struct {
        std::string_view text;
        std::string_view expected;
    } const table[] = {
        {"2025-01-08T12:34:56Z", "2025-01-08T12:34:56.000000Z"},
        {"2025-01-08t12:34:56z", "2025-01-08T12:34:56.000000Z"},
        {"2025-01-08 12:34:56Z", "2025-01-08T12:34:56.000000Z"},
        {"2025-01-08T12:34:56", "2025-01-08T12:34:56.000000Z"},
        {"2025-01-08T12:34", "2025-01-08T12:34:00.000000Z"},
        {"2025-01-08", "2025-01-08T00:00:00.000000Z"},
        {"2025-01-08T12:34:56.5Z", "2025-01-08T12:34:56.500000Z"},
        {"2025-01-08T12:34:56.000001", "2025-01-08T12:34:56.000001Z"},
        {"2025-01-08T12:34:56.123456789Z", "2025-01-08T12:34:56.123456Z"},
        {"2025-01-08T12:34:56+02:00", "2025-01-08T10:34:56.000000Z"},
        {"2025-01-08T12:34:56-0530", "2025-01-08T18:04:56.000000Z"},
        {"2025-01-08T12:34:56+02", "2025-01-08T10:34:56.000000Z"},
        {"2025-01-08T12:34:56.25-23:59", "2025-01-09T12:33:56.250000Z"},
        {"2025-01-01T00:30:00+01:00", "2024-12-31T23:30:00.000000Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"},
        {"2024-02-29", "2024-02-29T00:00:00.000000Z"},
        {"2000-02-29", "2000-02-29T00:00:00.000000Z"},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
        {"0000-01-01", "0000-01-01T00:00:00.000000Z"},
        {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
    };
    for (const auto& [text, expected] : table) {
        CAPTURE(text);
        CHECK(normal(text) == expected);
    }
}

TEST_CASE("what is not a time is refused") {
    for (const std::string_view text : {
             "",
             "now",
             "2025",
             "2025-01",
             "2025-1-8",
             "25-01-08",
             "20250108",
             "2025-13-01",
             "2025-00-01",
             "2025-01-00",
             "2025-01-32",
             "2025-02-29",
             "1900-02-29",
             "2025-04-31",
             "2025-01-08T",
             "2025-01-08T1:34:56Z",
             "2025-01-08T24:00:00Z",
             "2025-01-08T12:60:00Z",
             "2025-01-08T12:34:61Z",
             "2025-01-08T12",
             "2025-01-08T12:34:56.Z",
             "2025-01-08T12:34:56,5Z",
             "2025-01-08T12:34:56+24:00",
             "2025-01-08T12:34:56+02:60",
             "2025-01-08T12:34:56+2",
             "2025-01-08T12:34:56+",
             "2025-01-08T12:34:56+02:",
             "2025-01-08T12:34:56+02:0",
             "2025-01-08T12:34:56 Z",
             "2025-01-08T12:34:56ZZ",
             "2025-01-08T12:34:56 UTC",
             "2025-01-08T12:34:5602:00",
             " 2025-01-08",
             "2025-01-08 ",
             "-2025-01-08",
             "+2025-01-08",
             "2025-01-08Z",
             "1736339696",
             "2O25-01-08",
         }) {
        CAPTURE(text);
        CHECK(normal(text) == "refused");
    }
}

TEST_CASE("a time whose offset takes it out of the years 0 to 9999 is refused") {
    CHECK(normal("0000-01-01T00:00:00+00:01") == "refused");
    CHECK(normal("9999-12-31T23:59:59-00:01") == "refused");
    CHECK(normal("9999-12-31T23:59:60Z") == "refused");
    CHECK(normal("0000-01-01T00:01:00+00:01") == "0000-01-01T00:00:00.000000Z");
}

TEST_CASE("a time that is written and read again is the same instant") {
    // Steps of a prime number of microseconds meet every field in many combinations.
    for (auto time = timestamp(sys_days(year(1) / 1 / 1)); time < sys_days(year(9999) / 12 / 31);
         time += microseconds(7'919'000'000'000'077)) {
        const auto text = format_time(time);
        CAPTURE(text);
        REQUIRE(parse_time(text) == time);
    }
}

TEST_CASE("written times sort as the instants do") {
    CHECK(format_time(timestamp(microseconds(-1))) < format_time(timestamp(microseconds(0))));
    CHECK(format_time(timestamp(microseconds(999'999))) < format_time(timestamp(seconds(1))));
}

}  // namespace
}  // namespace memorypro
