#include "cli/table.hpp"

#include <sstream>

#include "cli/text.hpp"
#include "support/catch.hpp"

using namespace memorypro::cli;

namespace {

std::string printed(table& rows, const terminal& screen) {
    std::ostringstream out;
    rows.print(out, screen);
    return out.str();
}

}  // namespace

TEST_CASE("a table aligns its columns and leaves no space at a line's end") {
    table rows({{"N", true}, {"NAME"}});
    rows.add({"1", "é"});
    rows.add({"10", ""});
    CHECK(printed(rows, {}) == " N  NAME\n 1  é\n10\n");
}

TEST_CASE("a table cuts its flexible column first and fits the terminal") {
    table rows({{"ID"}, {"CONTENT", false, true}});
    rows.add({"mem_0123456789", std::string(100, 'x')});
    CHECK(printed(rows, {false, 30}) ==
          "ID              CONTENT\nmem_0123456789  xxxxxxxxxxxxx…\n");
}

TEST_CASE("a table is whole where nothing is a terminal") {
    table rows({{"CONTENT", false, true}});
    rows.add({std::string(500, 'x')});
    CHECK(printed(rows, {}) == "CONTENT\n" + std::string(500, 'x') + "\n");
}

TEST_CASE("later pages of a table keep its columns and repeat no header") {
    table rows({{"A"}, {"B"}});
    rows.add({"first", "1"});
    CHECK(printed(rows, {false, 80}) == "A      B\nfirst  1\n");
    rows.add({"x", "2"});
    rows.add({"longer than first", "3"});
    CHECK(printed(rows, {false, 80}) == "x      2\nlong…  3\n");
}

TEST_CASE("a cell cannot break its row") {
    table rows({{"A"}});
    rows.add({"one\ntwo\x1b[2J"});
    CHECK(printed(rows, {}) == "A\none two\\x1b[2J\n");
}

TEST_CASE("a cell's colour takes no room in its column") {
    table rows({{"STATE"}, {"N", true}, {"ERROR"}});
    rows.add({{"dead", style::bad}, "1", "no"});
    rows.add({"pending", {"20", style::dim}, ""});
    CHECK(printed(rows, {true, 80}) ==
          "\x1b[1mSTATE     N  ERROR\x1b[0m\n"
          "\x1b[31mdead\x1b[0m      1  no\n"
          "pending  \x1b[2m20\x1b[0m\n");
}

TEST_CASE("fields stand below each other") {
    fields shown;
    shown.add("mode", "local");
    shown.add("version", "1\n2");
    std::ostringstream out;
    shown.print(out, {});
    CHECK(out.str() == "mode     local\nversion  1 2\n");
}
