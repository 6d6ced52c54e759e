#include "cloud/verdict.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::cloud {
namespace {

using namespace std::chrono_literals;
using wait = std::optional<std::chrono::seconds>;

using test::noon;

TEST_CASE("Retry-After in seconds") {
    CHECK(parse_retry_after("0", noon) == wait(0s));
    CHECK(parse_retry_after("120", noon) == wait(120s));
    CHECK(parse_retry_after("007", noon) == wait(7s));
    CHECK(parse_retry_after(" \t120\t ", noon) == wait(120s));
}

TEST_CASE("a Retry-After that lies in the past is now") {
    CHECK(parse_retry_after("-1", noon) == wait(0s));
    CHECK(parse_retry_after("-99999999999999999999999", noon) == wait(0s));
    CHECK(parse_retry_after("Wed, 08 Jan 2025 11:59:59 GMT", noon) == wait(0s));
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", noon) == wait(0s));
}

TEST_CASE("a Retry-After of more than a day is a day") {
    CHECK(parse_retry_after("86400", noon) == wait(24h));
    CHECK(parse_retry_after("86401", noon) == wait(24h));
    CHECK(parse_retry_after("9223372036854775807", noon) == wait(24h));
    CHECK(parse_retry_after("9223372036854775808", noon) == wait(24h));
    CHECK(parse_retry_after(std::string(5000, '9'), noon) == wait(24h));
    CHECK(parse_retry_after("Wed, 08 Jan 2125 12:00:00 GMT", noon) == wait(24h));
    CHECK(parse_retry_after("Fri, 31 Dec 9999 23:59:60 GMT", noon) == wait(24h));
}

TEST_CASE("Retry-After as any of the three forms of an HTTP date") {
    CHECK(parse_retry_after("Wed, 08 Jan 2025 12:01:30 GMT", noon) == wait(90s));
    CHECK(parse_retry_after("Wednesday, 08-Jan-25 12:01:30 GMT", noon) == wait(90s));
    CHECK(parse_retry_after("Wed Jan  8 12:01:30 2025", noon) == wait(90s));
    CHECK(parse_retry_after("Thu Jan 09 11:00:00 2025", noon) == wait(23h));
    CHECK(parse_retry_after(" Wed, 08 Jan 2025 12:01:30 GMT ", noon) == wait(90s));
}

TEST_CASE("a Retry-After date is not before it, even by a part of a second") {
    CHECK(parse_retry_after("Wed, 08 Jan 2025 12:00:02 GMT", noon + 1ms) == wait(2s));
    CHECK(parse_retry_after("Wed, 08 Jan 2025 12:00:02 GMT", noon + 1999ms) == wait(1s));
    CHECK(parse_retry_after("Wed, 08 Jan 2025 12:00:02 GMT", noon + 2s) == wait(0s));
}

TEST_CASE("a year of two digits is at most 50 years ahead") {
    const auto new_year = test::at("2025-12-31T23:59:00Z");
    CHECK(parse_retry_after("Thursday, 01-Jan-26 00:00:00 GMT", new_year) == wait(60s));
    CHECK(parse_retry_after("Tuesday, 01-Jan-75 00:00:00 GMT", noon) == wait(24h));
    CHECK(parse_retry_after("Thursday, 01-Jan-76 00:00:00 GMT", noon) == wait(0s));
    CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", noon) == wait(0s));
}

TEST_CASE("a Retry-After that is neither seconds nor a date is none") {
    for (const std::string_view text : {"",
                                        " ",
                                        "-",
                                        "+5",
                                        "1.5",
                                        "5s",
                                        "1e3",
                                        "0x10",
                                        "12 0",
                                        "soon",
                                        "GMT",
                                        "Wed, 08 Jan 2025 12:01:30",
                                        "Wed, 08 Jan 2025 12:01:30 CET",
                                        "Wed, 08 Jan 2025 12:01:30 GMT+1",
                                        "Wed, 08 Foo 2025 12:01:30 GMT",
                                        "Wed, 32 Jan 2025 12:01:30 GMT",
                                        "Wed, 00 Jan 2025 12:01:30 GMT",
                                        "Wed, -1 Jan 2025 12:01:30 GMT",
                                        "Sat, 29 Feb 2025 12:01:30 GMT",
                                        "Wed, 08 Jan 2025 24:01:30 GMT",
                                        "Wed, 08 Jan 2025 12:60:30 GMT",
                                        "Wed, 08 Jan 2025 12:01:61 GMT",
                                        "Wed, 08 Jan 2025 -1:01:30 GMT",
                                        "2025-01-08T12:01:30Z",
                                        "Wednesday, 08-Jan-2025 12:01:30 GMT",
                                        "Wed Jan  8 12:01:30 2025 GMT",
                                        "Wed Jan  8 12:01:30"}) {
        CAPTURE(text);
        CHECK(parse_retry_after(text, noon) == std::nullopt);
    }
    using namespace std::string_view_literals;
    CHECK(parse_retry_after("12\0"sv, noon) == std::nullopt);
    CHECK(parse_retry_after("Wed, 08 Jan 2025 12:01:30 GMT\0"sv, noon) == std::nullopt);
}

}  // namespace
}  // namespace memorypro::cloud
