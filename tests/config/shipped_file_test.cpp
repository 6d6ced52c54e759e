// config/memorypro.env against the table that it documents.
#include <map>

#include "config/fixture.hpp"
#include "config/keys.hpp"
#include "support/catch.hpp"

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
