// The table of settings against all that documents it: config/memorypro.env, the README, the manual
// page, --check-config. A key that is in one of them only fails here.
#include <map>
#include <regex>
#include <sstream>

#include "config/fixture.hpp"
#include "config/keys.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::config {
namespace {

struct documented {
    std::string default_text;
    std::string meaning;  // the comment's last line
    int times = 0;
};

std::map<std::string, documented> read_shipped_file() {
    std::map<std::string, documented> found;
    std::ifstream file(MEMORYPRO_ENV_FILE);
    REQUIRE(file.good());
    std::string previous;
    for (std::string line; std::getline(file, line); previous = line) {
        CAPTURE(line);
        CHECK((line.empty() || line.front() == '#'));
        CHECK(line.size() <= 100);
        if (line.rfind("#MEMORYPRO_", 0) != 0) continue;
        const std::size_t equals = line.find('=');
        REQUIRE(equals != std::string::npos);
        documented& one = found[line.substr(1, equals - 1)];
        one.default_text = line.substr(equals + 1);
        one.meaning = previous.rfind("# ", 0) == 0 ? previous.substr(2) : "";
        ++one.times;
    }
    return found;
}

TEST_CASE("the shipped file shows every key once, with its default and its meaning") {
    auto found = read_shipped_file();
    for (const key& entry : keys()) {
        CAPTURE(entry.name);
        const documented one = found[std::string(entry.name)];
        CHECK(one.times == 1);
        CHECK(one.default_text == default_text(entry));
        CHECK(one.meaning == entry.meaning);
    }
    CHECK(found.size() == keys().size());
    CHECK(describe({}).size() == keys().size());
}

std::string lines_of(const std::string& path, std::string_view beginning) {
    std::ifstream file(path);
    REQUIRE(file.good());
    std::string found;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(beginning)) found += line + '\n';
    return found;
}

// When it fails, what is expected is what the README must have.
TEST_CASE("the README's table is the table of settings") {
    std::string table;
    for (const key& entry : keys()) {
        const auto text = default_text(entry);
        table += "| `" + std::string(entry.name) + "` | " +
                 (text.empty() ? std::string() : '`' + text + "` ") + "| " +
                 std::string(entry.meaning) + " |\n";
    }
    CHECK(lines_of(MEMORYPRO_README, "| `MEMORYPRO_") == table);
}

TEST_CASE("the manual page has every key, and a star where it takes a restart") {
    std::map<std::string, bool> found;
    const auto page = test::read_file(MEMORYPRO_MANUAL);
    const auto begin = page.find(".SH SETTINGS"), end = page.find(".SH", begin + 1);
    REQUIRE(end != std::string::npos);
    std::string settings;
    std::istringstream lines(page.substr(begin, end - begin));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(".B MEMORYPRO_")) settings += line + '\n';
    const std::regex name(R"((MEMORYPRO_[A-Z_]+)(\\fR\*)?)");
    for (std::sregex_iterator one(settings.begin(), settings.end(), name), none; one != none; ++one)
        found[(*one)[1]] = (*one)[2].matched;
    std::map<std::string, bool> expected;
    for (const key& entry : keys())
        expected[std::string(entry.name)] = entry.applied == at::restart;
    CHECK(found == expected);
}

TEST_CASE("the effective settings hold every key once, in the order of the table") {
    std::string expected = "# mode: local\n";
    for (const key& entry : keys())
        expected += std::string(entry.name) + '=' + entry.value.print({}) + '\n';
    CHECK(effective_text({}) == expected);
}

TEST_CASE("the shipped file as it is changes nothing") {
    const loaded got = load_from({}, {}, MEMORYPRO_ENV_FILE);
    CHECK(joined(got.problems) == "");
    CHECK(joined(got.warnings) == "");
    CHECK(got.settings == load_from({}).settings);
}

TEST_CASE("the shipped file with its defaults uncommented gives those defaults") {
    const scratch files;
    std::string uncommented;
    for (const auto& [name, one] : read_shipped_file())
        if (!one.default_text.empty()) uncommented += name + "=" + one.default_text + "\n";
    const loaded got = load_from({}, {}, files.write("env", uncommented));
    CHECK(joined(got.problems) == "");
    settings expected;
    expected.socket = "/run/memorypro/memorypro.sock";
    expected.data_dir = "/var/lib/memorypro";
    CHECK(got.settings == expected);
}

}  // namespace
}  // namespace memorypro::config
