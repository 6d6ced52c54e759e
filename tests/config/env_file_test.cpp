#include "config/env_file.hpp"

#include "support/catch.hpp"

namespace memorypro::config {
namespace {

std::string value_of(std::string_view line) {
    const env_file read = parse_env_file(line, "f");
    CAPTURE(std::string(line), read.problems);
    REQUIRE(read.problems.empty());
    REQUIRE(read.assignments.size() == 1);
    CHECK(read.assignments[0].name == "MEMORYPRO_X");
    return read.assignments[0].value;
}

TEST_CASE("a value is read as systemd and a shell read it") {
    struct {
        const char* line;
        const char* value;
    } const good[] = {
        {"MEMORYPRO_X=1", "1"},
        {"  MEMORYPRO_X=1  ", "1"},
        {"MEMORYPRO_X = 1", "1"},
        {"MEMORYPRO_X=1\r", "1"},
        {"export MEMORYPRO_X=1", "1"},
        {"export\tMEMORYPRO_X=1", "1"},
        {"\xEF\xBB\xBFMEMORYPRO_X=1", "1"},
        {"MEMORYPRO_X=", ""},
        {"MEMORYPRO_X=''", ""},
        {"MEMORYPRO_X=a=b", "a=b"},
        {"MEMORYPRO_X=a b", "a b"},
        {"MEMORYPRO_X=a#b", "a#b"},
        {"MEMORYPRO_X=a # comment", "a"},
        {"MEMORYPRO_X= # comment", ""},
        {"MEMORYPRO_X=\"a # b\" # comment", "a # b"},
        {"MEMORYPRO_X='a \\\"$b'", "a \\\"$b"},
        {"MEMORYPRO_X=\"a \\\"b\\\" \\$c \\\\ \\n\"", "a \"b\" $c \\ \\n"},
        {"MEMORYPRO_X=\" kept \"", " kept "},
        {"MEMORYPRO_X=a' b'\" c\"d", "a b cd"},
        {"MEMORYPRO_X=a\\ \\#b", "a #b"},
        {"MEMORYPRO_X=$HOME", "$HOME"},
        {"MEMORYPRO_X=\"it's\"", "it's"},
    };
    for (const auto& one : good)
        CHECK(value_of(one.line) == one.value);
}

TEST_CASE("comments, blank lines and the settings of others are skipped") {
    const env_file read = parse_env_file(
        "# a\n  # b\n; c\n\n \t\nPATH=/bin\nOTHER='open quote\nmemorypro_x=1\nXMEMORYPRO_X=1\n"
        "#MEMORYPRO_X=1",
        "f");
    CHECK(read.assignments.empty());
    CHECK(read.problems.empty());
}

TEST_CASE("assignments keep their order and know their line") {
    const env_file read =
        parse_env_file("\nMEMORYPRO_B=1\n# x\nMEMORYPRO_A=2\nMEMORYPRO_B=3", "/e/f");
    REQUIRE(read.assignments.size() == 3);
    CHECK(read.assignments[0].place == "/e/f:2");
    CHECK(read.assignments[1].name == "MEMORYPRO_A");
    CHECK(read.assignments[1].place == "/e/f:4");
    CHECK(read.assignments[2].value == "3");
    CHECK(read.assignments[2].place == "/e/f:5");
}

TEST_CASE("each malformed line is named by its number and none is quoted") {
    const env_file read = parse_env_file(
        "MEMORYPRO_API_KEY hush\n"
        "=hush\n"
        "set -a\n"
        "MEMORYPRO_GOOD=1\n"
        "1MEMORYPRO=hush\n"
        "MEMORYPRO_API_KEY=\"hush\n"
        "MEMORYPRO_API_KEY='hush\n"
        "MEMORYPRO_API_KEY=hush\\\n"
        "MEMORYPRO API_KEY=hush\n"
        "export\n"
        "MEMORYPRO-X=hush\n",
        "f");
    CHECK(read.problems == std::vector<std::string>{
                               "f:1: is not KEY=value",
                               "f:2: is not KEY=value",
                               "f:3: is not KEY=value",
                               "f:5: is not KEY=value",
                               "MEMORYPRO_API_KEY (f:6): a quote is not closed on its line",
                               "MEMORYPRO_API_KEY (f:7): a quote is not closed on its line",
                               "MEMORYPRO_API_KEY (f:8): a value cannot go on in the next line",
                               "f:9: is not KEY=value",
                               "f:10: is not KEY=value",
                               "f:11: is not KEY=value",
                           });
    REQUIRE(read.assignments.size() == 1);
    CHECK(read.assignments[0].name == "MEMORYPRO_GOOD");
}

TEST_CASE("a file of noise is refused without harm") {
    std::string noise;
    for (int i = 0; i < 4096; ++i)
        noise += static_cast<char>((i * 7919 + i / 256) & 0xff);
    const env_file read = parse_env_file(noise, "f");
    CHECK_FALSE(read.problems.empty());
    CHECK(read.assignments.empty());
}

}  // namespace
}  // namespace memorypro::config
