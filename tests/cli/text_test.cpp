#include "cli/text.hpp"

#include "support/catch.hpp"

using namespace memorypro::cli;

TEST_CASE("text for people shows control characters instead of sending them") {
    CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
    CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
    CHECK(printable("a\x7f") == "a\\x7f");
    CHECK(printable("a\xc2\x9b"
                    "31m") == "a\\u{009b}31m");  // CSI in one character
    CHECK(printable("a\xe2\x80\xae"
                    "b") == "a\\u{202e}b");  // right-to-left override
}

TEST_CASE("text for people shows bytes that are not UTF-8") {
    CHECK(printable("a\xff"
                    "b") == "a\\xffb");
    CHECK(printable("\xe2\x82") == "\\xe2\\x82");           // cut short
    CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a surrogate
}

TEST_CASE("a run of white space is one space in a cell, and itself in a text") {
    CHECK(printable(" a \t\r\n b\n") == "a b");
    CHECK(printable("a\n\tb", lines::kept) == "a\n\tb");
    CHECK(printable("a\rb", lines::kept) == "a\\x0db");
}

TEST_CASE("other languages and emoji are left alone") {
    const std::string_view text = "naïve 日本 \U0001F469\u200D\U0001F4BB";
    CHECK(printable(text) == text);
}

TEST_CASE("columns count what a terminal shows") {
    CHECK(columns_of("") == 0);
    CHECK(columns_of("naïve") == 5);
    CHECK(columns_of("日本") == 4);
    CHECK(columns_of("e\u0301") == 1);
}

TEST_CASE("a text is cut at a character, with an ellipsis, and never wider than asked for") {
    CHECK(shortened("hello", 5) == "hello");
    CHECK(shortened("hello!", 5) == "hell…");
    CHECK(shortened("ééé", 2) == "é…");
    CHECK(shortened("日本語", 4) == "日…");
    CHECK(shortened("日本語", 5) == "日本…");
    CHECK(shortened("日本", 1) == "…");
    CHECK(shortened("ab", 0).empty());
}

TEST_CASE("amounts read as people write them") {
    CHECK(human_bytes(0) == "0 B");
    CHECK(human_bytes(1023) == "1023 B");
    CHECK(human_bytes(1536) == "1.5 KiB");
    CHECK(human_bytes(1024 * 1024 - 1) == "1.0 MiB");
    CHECK(human_bytes(~std::uint64_t{0}) == "16777216.0 TiB");
    CHECK(human_seconds(-1) == "0s");
    CHECK(human_seconds(59) == "59s");
    CHECK(human_seconds(3599) == "59m 59s");
    CHECK(human_seconds(90061) == "1d 1h");
    CHECK(short_time("2025-01-31T10:20:30.123Z") == "2025-01-31 10:20");
    CHECK(short_time("yesterday") == "yesterday");
}
