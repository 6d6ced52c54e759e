#include "daemon/options.hpp"

#include <fstream>
#include <sstream>

#include "config/fixture.hpp"
#include "config/keys.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::daemon {
namespace {

using action = options::action;
using config::values;

options parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "memoryprod");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST_CASE("without arguments the daemon runs on the default file") {
    const options got = parse({});
    CHECK(got.what == action::run);
    CHECK(got.flags.empty());
    CHECK_FALSE(got.file.has_value());
}

TEST_CASE("every setting but the secrets is a flag, and those are flags by their file") {
    for (const std::string& name : config::flag_names()) {
        const std::string flag = config::flag_of(name);
        CAPTURE(flag);
        CHECK(parse({flag.c_str(), "a value"}).flags == config::values{{name, "a value"}});
        CHECK(parse({(flag + "=v").c_str()}).flags == config::values{{name, "v"}});
    }
    CHECK(parse({"--api-key", "hush"}).exit_code == 64);
    CHECK(parse({"--webhook-secret", "hush"}).exit_code == 64);
    CHECK(parse({"--api-key-file", "/f"}).flags ==
          config::values{{"MEMORYPRO_API_KEY_FILE", "/f"}});
}

TEST_CASE("the last of a repeated flag counts, and an empty value is left for the check") {
    CHECK(parse({"--timeout", "5", "--timeout", "6"}).flags.at("MEMORYPRO_TIMEOUT") == "6");
    CHECK(parse({"--timeout", ""}).flags.at("MEMORYPRO_TIMEOUT") == "");
    CHECK(parse({"--timeout=", "--socket", "/s"}).flags ==
          config::values{{"MEMORYPRO_TIMEOUT", ""}, {"MEMORYPRO_SOCKET", "/s"}});
    CHECK(parse({"--config="}).file == "");
}

TEST_CASE("the flag --config names the file, for running and for checking") {
    CHECK(parse({"--config", "/e/x.env"}).file == "/e/x.env");
    const options got = parse({"--check-config", "--config=/e/x.env", "--log-level", "debug"});
    CHECK(got.what == action::check_config);
    CHECK(got.file == "/e/x.env");
    CHECK(got.flags.size() == 1);
}

TEST_CASE("the flag --version prints name and version") {
    const options got = parse({"--version"});
    CHECK(got.what == action::print);
    CHECK(got.text == "memoryprod 0.1.0\n");
    CHECK(got.exit_code == 0);
}

TEST_CASE("the flag --help has every flag with its meaning and default") {
    const options got = parse({"--help"});
    CHECK(got.what == action::print);
    CHECK(got.exit_code == 0);
    for (const std::string& name : config::flag_names()) {
        CAPTURE(name);
        CHECK(got.text.find(config::flag_of(name) + " ") != std::string::npos);
    }
    CHECK(got.text.find("Seconds between two polls") != std::string::npos);
    CHECK(got.text.find("https://api.memorypro.com") != std::string::npos);
    CHECK(got.text.find("--api-key ") == std::string::npos);
}

TEST_CASE("a usage error says what is wrong and exits with 64") {
    for (const std::vector<const char*>& bad : {std::vector<const char*>{"--no-such-flag"},
                                                {"stray"},
                                                {"--timeout"},
                                                {"--config"},
                                                {"-x"}}) {
        const options got = parse(bad);
        CAPTURE(bad[0], got.text);
        CHECK(got.what == action::print);
        CHECK(got.exit_code == 64);
        CHECK(got.text.rfind("memoryprod: ", 0) == 0);
        CHECK(got.text.find("--help") != std::string::npos);
    }
}

TEST_CASE(
    "the flag --check-config prints the effective settings with secrets masked and exits with 0") {
    const options got = parse({"--check-config", "--config", "/dev/null", "--timeout", "5"});
    std::ostringstream out, err;
    CHECK(check_config(got, {{"HOME", "/h"}, {"MEMORYPRO_API_KEY", "hush"}}, out, err) == 0);
    CHECK(out.str().find("\nMEMORYPRO_TIMEOUT=5\n") != std::string::npos);
    CHECK(out.str().find("\nMEMORYPRO_API_KEY=********\n") != std::string::npos);
    CHECK(out.str().find("\nMEMORYPRO_DATA_DIR=/h/.local/state/memorypro\n") != std::string::npos);
    CHECK(out.str().find("hush") == std::string::npos);
    CHECK(err.str() ==
          "memoryprod: warning: MEMORYPRO_API_KEY (environment): set without MEMORYPRO_API_SECRET; "
          "the mode stays local\n");
}

TEST_CASE("the flag --check-config lists every problem on a line of its own and exits with 78") {
    const options got = parse({"--check-config", "--config", "/dev/null", "--timeout", "0"});
    std::ostringstream out, err;
    CHECK(check_config(got, {{"HOME", "/h"}, {"MEMORYPRO_LOG_LEVEL", "loud"}}, out, err) == 78);
    CHECK(out.str().empty());
    CHECK(err.str() ==
          "memoryprod: MEMORYPRO_TIMEOUT (--timeout): must be 1 to 3600, is \"0\"\n"
          "memoryprod: MEMORYPRO_LOG_LEVEL (environment): must be one of trace, debug, info, "
          "warning, error, is \"loud\"\n");
}

TEST_CASE("the flag --check-config looks at the certificates") {
    const test::temp_dir dir;
    const auto junk = dir.file("junk.pem");
    std::ofstream(junk) << "junk\n";
    for (const values& named :
         {values{{"MEMORYPRO_CA_FILE", junk}},
          values{{"MEMORYPRO_WEBHOOK_TLS_CERT", junk}, {"MEMORYPRO_WEBHOOK_TLS_KEY", junk}}}) {
        auto environment = named;
        environment["HOME"] = "/h";
        std::ostringstream out, err;
        CHECK(check_config(parse({"--check-config", "--config", "/dev/null"}), environment, out,
                           err) == 78);
        CHECK(err.str().find(junk) != std::string::npos);
        CHECK(out.str().empty());
    }
}

}  // namespace
}  // namespace memorypro::daemon
