#include "recall/dates.hpp"

#include "recall/words.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::recall {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

sys_days day(const char* date) {
    return std::chrono::floor<days>(test::at(std::string(date) + "T00:00:00Z"));
}

const auto now = test::at("2024-05-15T10:00:00Z");  // a Wednesday

std::vector<period> in(const char* question) {
    return periods_in(words_of(question), now);
}

std::vector<period> one(const char* from, const char* until) {
    return {{day(from), day(until)}};
}

std::vector<period> yearly(const char* from, const char* until) {
    return {{day(from), day(until), true}};
}

TEST_CASE("a date is a day, however it is written") {
    const auto expected = one("2023-05-08", "2023-05-09");
    for (const char* question : {"on 8 May 2023?", "8 May, 2023", "May 8, 2023", "May 8th, 2023",
                                 "the 8th of May 2023", "on 2023-05-08"}) {
        CAPTURE(question);
        CHECK(in(question) == expected);
    }
    CHECK(in("Sept 1, 2022") == one("2022-09-01", "2022-09-02"));
}

TEST_CASE("a month and a year are periods") {
    CHECK(in("What happened in May 2023?") == one("2023-05-01", "2023-06-01"));
    CHECK(in("december 2023") == one("2023-12-01", "2024-01-01"));
    CHECK(in("in 2022") == one("2022-01-01", "2023-01-01"));
    CHECK(in("the summer 2022") == one("2022-01-01", "2023-01-01"));
}

TEST_CASE("without its year a date is of every year") {
    CHECK(in("who called on May 8?") == yearly("2000-05-08", "2000-05-09"));
    CHECK(in("last May") == yearly("2000-05-01", "2000-06-01"));
    CHECK(in("in December") == yearly("2000-12-01", "2001-01-01"));
}

TEST_CASE("of several dates the most exact count") {
    CHECK(in("in 2022 or in May 2023") == one("2023-05-01", "2023-06-01"));
    CHECK(in("in May 2022 or in June 2023").size() == 2);
    CHECK(in("last week, on 8 May 2023") == one("2023-05-08", "2023-05-09"));
}

TEST_CASE("a period is there once, and there are only so many") {
    CHECK(in("May 1 May 1 1st of May") == yearly("2000-05-01", "2000-05-02"));
    CHECK(in("yesterday and yesterday") == one("2024-05-14", "2024-05-15"));
    std::string days;
    for (int day = 1; day <= 31; ++day)
        days += "2023-05-" + std::to_string(day) + " ";
    CHECK(in(days.c_str()).size() == 16);
}

TEST_CASE("what is told from now is a period") {
    CHECK(in("today") == one("2024-05-15", "2024-05-16"));
    CHECK(in("what did we say yesterday?") == one("2024-05-14", "2024-05-15"));
    CHECK(in("this week") == one("2024-05-13", "2024-05-20"));
    CHECK(in("last week") == one("2024-05-06", "2024-05-13"));
    CHECK(in("last weekend") == one("2024-05-11", "2024-05-13"));
    CHECK(in("last month") == one("2024-04-01", "2024-05-01"));
    CHECK(in("this year") == one("2024-01-01", "2025-01-01"));
    CHECK(in("three days ago") == one("2024-05-12", "2024-05-13"));
    CHECK(in("a week ago") == one("2024-05-06", "2024-05-13"));
    CHECK(in("5 months ago") == one("2023-12-01", "2024-01-01"));
}

TEST_CASE("a word that only looks like a time is none") {
    for (const char* question :
         {"", "may I march in?", "2000 euros", "the second one", "long ago", "ago", "last",
          "99999999999 days ago", "32 May 2023x", "a tea ago", "in 12345"}) {
        CAPTURE(question);
        CHECK(in(question).empty());
    }
    CHECK(in("30 February 2023").empty());
}

TEST_CASE("nearness is 1 within a period and halves each week outside") {
    const auto may = one("2023-05-01", "2023-06-01");
    CHECK(nearness(may, test::at("2023-05-01T00:00:00Z")) == 1);
    CHECK(nearness(may, test::at("2023-05-31T23:59:59Z")) == 1);
    CHECK(nearness(may, test::at("2023-06-08T00:00:00Z")) == 0.5);
    CHECK(nearness(may, test::at("2023-04-24T00:00:00Z")) == 0.5);
    CHECK(nearness(may, test::at("1970-01-01T00:00:00Z")) < 1e-9);
    CHECK(nearness({}, test::at("2023-05-01T00:00:00Z")) == 0);
}

TEST_CASE("nearness to a date of every year is to the next one, across the turn of the year") {
    const auto may = yearly("2000-05-01", "2000-06-01");
    CHECK(nearness(may, test::at("1999-05-10T00:00:00Z")) == 1);
    CHECK(nearness(may, test::at("2031-05-10T00:00:00Z")) == 1);
    const auto december = yearly("2000-12-01", "2001-01-01");
    CHECK(nearness(december, test::at("2024-01-08T00:00:00Z")) == 0.5);
    const auto leap_day = yearly("2000-02-29", "2000-03-01");
    CHECK(nearness(leap_day, test::at("2024-02-29T12:00:00Z")) == 1);
    CHECK(nearness(leap_day, test::at("2023-03-01T00:00:00Z")) == 1);
}

}  // namespace
}  // namespace memorypro::recall
