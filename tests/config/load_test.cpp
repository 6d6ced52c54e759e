#include "config/fixture.hpp"
#include "config/keys.hpp"
#include "support/catch.hpp"

namespace memorypro::config {
namespace {

using namespace std::chrono_literals;
using problems = std::vector<std::string>;

TEST_CASE("an empty environment gives the documented defaults") {
    const loaded got = load_from({});
    CHECK(got.problems.empty());
    CHECK(got.warnings.empty());
    settings expected;
    expected.socket = "/run/memorypro/memorypro.sock";
    expected.data_dir = "/home/ada/.local/state/memorypro";
    CHECK(got.settings == expected);
    CHECK(mode_of(got.settings) == mode::local);
}

TEST_CASE("flags win over the environment, it over the file, and that over the defaults") {
    const scratch files;
    const std::string file = files.write(
        "env", "MEMORYPRO_TIMEOUT=11\nMEMORYPRO_POLL_INTERVAL=12\nMEMORYPRO_MAX_RETRIES=13\n");
    const loaded got =
        load_from({{"MEMORYPRO_POLL_INTERVAL", "22"}, {"MEMORYPRO_MAX_RETRIES", "23"}},
                  {{"MEMORYPRO_MAX_RETRIES", "33"}}, file);
    CHECK(got.problems.empty());
    CHECK(got.settings.timeout == 11s);
    CHECK(got.settings.poll_interval == 22s);
    CHECK(got.settings.max_retries == 33);
    CHECK(got.settings.sync_concurrency == 8);
}

TEST_CASE("every key reaches its own member from each of the sources") {
    const scratch files;
    const std::string pem = files.write("pem", "x");
    const values given = {
        {"MEMORYPRO_API_URL", "http://localhost:9"},
        {"MEMORYPRO_API_KEY", "k"},
        {"MEMORYPRO_API_SECRET", "s"},
        {"MEMORYPRO_TIMEOUT", "5"},
        {"MEMORYPRO_MAX_RETRIES", "0"},
        {"MEMORYPRO_WEBHOOK_URL", "http://example.com/hook"},
        {"MEMORYPRO_WEBHOOK_SECRET", "w"},
        {"MEMORYPRO_WEBHOOK_SECRET_PREVIOUS", "p"},
        {"MEMORYPRO_WEBHOOK_LISTEN", "[::1]:99"},
        {"MEMORYPRO_WEBHOOK_TLS_CERT", pem},
        {"MEMORYPRO_WEBHOOK_TLS_KEY", pem},
        {"MEMORYPRO_POLL_INTERVAL", "7"},
        {"MEMORYPRO_ENABLE_PUSH", "no"},
        {"MEMORYPRO_ENABLE_POLLING", "OFF"},
        {"MEMORYPRO_CLOUD_FIRST", "False"},
        {"MEMORYPRO_LOCAL_FALLBACK", "0"},
        {"MEMORYPRO_EVOLUTION", "no"},
        {"MEMORYPRO_LIFECYCLE", "no"},
        {"MEMORYPRO_AI_ANALYSIS", "no"},
        {"MEMORYPRO_SOCKET", "/s"},
        {"MEMORYPRO_SOCKET_MODE", "0600"},
        {"MEMORYPRO_DATA_DIR", "/d"},
        {"MEMORYPRO_CA_FILE", pem},
        {"MEMORYPRO_SYNC_CONCURRENCY", "9"},
        {"MEMORYPRO_QUEUE_MAX_BYTES", "2G"},
        {"MEMORYPRO_CACHE_MAX_BYTES", "3M"},
        {"MEMORYPRO_MAX_CONTENT_BYTES", "4K"},
        {"MEMORYPRO_METRICS_LISTEN", "127.0.0.1:9100"},
        {"MEMORYPRO_DURABILITY", "normal"},
        {"MEMORYPRO_LOG_LEVEL", "DEBUG"},
        {"MEMORYPRO_LOG_FORMAT", "json"},
    };
    settings expected;
    expected.api_url = "http://localhost:9";
    expected.api_key = "k";
    expected.api_secret = "s";
    expected.timeout = 5s;
    expected.max_retries = 0;
    expected.webhook_url = "http://example.com/hook";
    expected.webhook_secret = "w";
    expected.webhook_secret_previous = "p";
    expected.webhook_listen = "[::1]:99";
    expected.webhook_tls_cert = expected.webhook_tls_key = expected.ca_file = pem;
    expected.poll_interval = 7s;
    expected.enable_push = expected.enable_polling = expected.cloud_first = false;
    expected.local_fallback = expected.evolution = expected.lifecycle = false;
    expected.ai_analysis = false;
    expected.socket = "/s";
    expected.socket_mode = 0600;
    expected.data_dir = "/d";
    expected.sync_concurrency = 9;
    expected.queue_max_bytes = std::uint64_t{2} << 30;
    expected.cache_max_bytes = 3u << 20;
    expected.max_content_bytes = 4096;
    expected.metrics_listen = "127.0.0.1:9100";
    expected.durability = durability::normal;
    expected.log_level = log_level::debug;
    expected.log_format = log_format::json;

    REQUIRE(given.size() == keys().size());
    std::string lines;
    for (const auto& [name, text] : given)
        lines += name + "=\"" + text + "\"\n";
    for (const loaded& got :
         {load_from(given), load_from({}, given), load_from({}, {}, files.write("env", lines))}) {
        CHECK(joined(got.problems) == "");
        CHECK(got.settings == expected);
        CHECK(mode_of(got.settings) == mode::hybrid);
    }
}

TEST_CASE("a bad value of any kind is named with its key, place and what is allowed") {
    struct {
        const char* key;
        const char* text;
        const char* detail;
    } const bad[] = {
        {"TIMEOUT", "abc", "must be 1 to 3600, is \"abc\""},
        {"TIMEOUT", "", "must not be empty"},
        {"TIMEOUT", "0", "must be 1 to 3600, is \"0\""},
        {"MAX_RETRIES", "101", "must be 0 to 100, is \"101\""},
        {"POLL_INTERVAL", "86401", "must be 1 to 86400, is \"86401\""},
        {"SYNC_CONCURRENCY", "0", "must be 1 to 256, is \"0\""},
        {"QUEUE_MAX_BYTES", "0", "must be 1 to 1048576G bytes, is \"0\""},
        {"MAX_CONTENT_BYTES", "65M", "must be 1 to 64M bytes, is \"65M\""},
        {"ENABLE_PUSH", "maybe", "must be true or false, is \"maybe\""},
        {"CLOUD_FIRST", "", "must not be empty"},
        {"SOCKET_MODE", "888", "must be octal, 0 to 0777, is \"888\""},
        {"DURABILITY", "fast", "must be one of full, normal, is \"fast\""},
        {"LOG_LEVEL", "warn", "must be one of trace, debug, info, warning, error, is \"warn\""},
        {"LOG_FORMAT", "xml", "must be one of text, json, is \"xml\""},
        {"DATA_DIR", "~/x", "must be a path as it is; ~ and $ are not expanded, is \"~/x\""},
        {"API_URL", "http://a.net",
         "must be https; plain http is for loopback hosts, is \"http://a.net\""},
        {"WEBHOOK_LISTEN", ":80", "must be address:port or [v6]:port, is \":80\""},
        {"WEBHOOK_LISTEN", "off", "must be address:port or [v6]:port, is \"off\""},
        {"METRICS_LISTEN", "9100", "must be address:port or [v6]:port, is \"9100\""},
        {"API_KEY", "", "must not be empty"},
        {"CA_FILE", "/nowhere/ca.pem", "cannot be read: No such file or directory"},
        {"CA_FILE", "/", "cannot be read: Is a directory"},
    };
    const scratch files;
    for (const auto& one : bad) {
        const std::string name = std::string("MEMORYPRO_") + one.key;
        const std::string file = files.write("env", "\n" + name + "='" + one.text + "'\n");
        CHECK(load_from({{name, one.text}}).problems ==
              problems{name + " (environment): " + one.detail});
        CHECK(load_from({}, {}, file).problems ==
              problems{name + " (" + file + ":2): " + one.detail});
        CHECK(load_from({}, {{name, one.text}}).problems ==
              problems{name + " (" + flag_of(name) + "): " + one.detail});
    }
}

TEST_CASE("all problems of all sources are reported at once") {
    const scratch files;
    const std::string file =
        files.write("env", "nonsense\nMEMORYPRO_TIMEOT=5\nMEMORYPRO_POLL_INTERVAL=\n");
    const loaded got = load_from({{"MEMORYPRO_TIMEOUT", "abc"}, {"MEMORYPRO_EVOLUTION", "perhaps"}},
                                 {{"MEMORYPRO_DURABILITY", "none"}}, file);
    CHECK(
        got.problems ==
        problems{
            file + ":1: is not KEY=value",
            "MEMORYPRO_TIMEOT (" + file + ":2): is not a setting, did you mean MEMORYPRO_TIMEOUT?",
            "MEMORYPRO_TIMEOUT (environment): must be 1 to 3600, is \"abc\"",
            "MEMORYPRO_POLL_INTERVAL (" + file + ":3): must not be empty",
            "MEMORYPRO_EVOLUTION (environment): must be true or false, is \"perhaps\"",
            "MEMORYPRO_DURABILITY (--durability): must be one of full, normal, is \"none\"",
        });
}

TEST_CASE("a bad value is a problem even where a better source hides it") {
    const scratch files;
    const std::string file = files.write("env", "MEMORYPRO_TIMEOUT=abc\n");
    const loaded got = load_from({{"MEMORYPRO_TIMEOUT", "5"}}, {}, file);
    CHECK(got.problems ==
          problems{"MEMORYPRO_TIMEOUT (" + file + ":1): must be 1 to 3600, is \"abc\""});
}

TEST_CASE("an unknown key is an error in the file and a warning in the environment") {
    const scratch files;
    const std::string file = files.write("env", "MEMORYPRO_API_SECRETS=x\nMEMORYPRO_QQQQQQ=x\n");
    const loaded got = load_from({{"MEMORYPRO_LOGLEVEL", "debug"}, {"MEMORYPROX", ""}}, {}, file);
    CHECK(got.problems == problems{"MEMORYPRO_API_SECRETS (" + file +
                                       ":1): is not a setting, did you mean MEMORYPRO_API_SECRET?",
                                   "MEMORYPRO_QQQQQQ (" + file + ":2): is not a setting"});
    CHECK(got.warnings ==
          problems{"MEMORYPRO_LOGLEVEL (environment): is not a setting, did you mean "
                   "MEMORYPRO_LOG_LEVEL?"});
    CHECK(load_from({}, {{"MEMORYPRO_X", "1"}}).problems.size() == 1);
}

TEST_CASE("a key that the file sets twice takes the last value, with a warning") {
    const scratch files;
    const std::string file = files.write("env", "MEMORYPRO_TIMEOUT=5\nMEMORYPRO_TIMEOUT=6\n");
    const loaded got = load_from({}, {}, file);
    CHECK(got.settings.timeout == 6s);
    CHECK(got.warnings ==
          problems{"MEMORYPRO_TIMEOUT (" + file + ":2): is set twice; the last one counts"});
}

TEST_CASE("a file that was asked for must be there and be a readable file of sane size") {
    CHECK(load_from({}, {}, "/nowhere/x.env").problems ==
          problems{"/nowhere/x.env: cannot be read: No such file or directory"});
    CHECK(load_from({}, {}, "/").problems == problems{"/: cannot be read: Is a directory"});
    CHECK(load_from({}, {}, "/dev/zero").problems ==
          problems{"/dev/zero: is larger than 1024 KiB"});
    CHECK(load_from({}, {}, "").problems.size() == 1);
}

TEST_CASE("metrics can be switched off where a lower source switches them on") {
    const loaded got = load_from({{"MEMORYPRO_METRICS_LISTEN", "127.0.0.1:9100"}},
                                 {{"MEMORYPRO_METRICS_LISTEN", "Off"}});
    CHECK(got.problems.empty());
    CHECK(got.settings.metrics_listen.empty());
}

TEST_CASE("the socket is in the runtime directory, else the user's, else the system's") {
    const auto socket = [](values environment) { return load_from(environment).settings.socket; };
    CHECK(socket({{"RUNTIME_DIRECTORY", "/run/mp"}, {"XDG_RUNTIME_DIR", "/run/user/1"}}) ==
          "/run/mp/memorypro.sock");
    CHECK(socket({{"RUNTIME_DIRECTORY", "/run/a:/run/b"}}) == "/run/a/memorypro.sock");
    CHECK(socket({{"RUNTIME_DIRECTORY", ""}, {"XDG_RUNTIME_DIR", "/run/user/1"}}) ==
          "/run/user/1/memorypro.sock");
    CHECK(socket({{"XDG_RUNTIME_DIR", "relative"}}) == "/run/memorypro/memorypro.sock");
    CHECK(socket({{"XDG_RUNTIME_DIR", "/u"}, {"MEMORYPRO_SOCKET", "/my.sock"}}) == "/my.sock");
    CHECK(default_socket({}) == "/run/memorypro/memorypro.sock");
}

TEST_CASE("the data directory is the unit's, else the user's state directory") {
    const auto data = [](values environment) { return load_from(environment).settings.data_dir; };
    CHECK(data({{"STATE_DIRECTORY", "/var/lib/mp:/x"}, {"XDG_STATE_HOME", "/s"}}) == "/var/lib/mp");
    CHECK(data({{"XDG_STATE_HOME", "/s"}}) == "/s/memorypro");
    CHECK(data({{"XDG_STATE_HOME", "s"}}) == "/home/ada/.local/state/memorypro");
    CHECK(data({{"STATE_DIRECTORY", "/v"}, {"MEMORYPRO_DATA_DIR", "/mine"}}) == "/mine");
}

TEST_CASE("without any home the data directory must be named, and the problem says so") {
    for (const values& environment :
         {values{}, values{{"HOME", ""}}, values{{"HOME", "relative"}}}) {
        const loaded got = load({{}, environment, "/dev/null"});
        CHECK(got.problems == problems{"MEMORYPRO_DATA_DIR (default): must be set, for there is no "
                                       "$STATE_DIRECTORY, $XDG_STATE_HOME or $HOME"});
    }
    CHECK(load({{{"MEMORYPRO_DATA_DIR", "/d"}}, {}, "/dev/null"}).problems.empty());
}

TEST_CASE("a socket's path may have 107 bytes and no more, wherever it comes from") {
    const std::string fits = "/" + std::string(106, 's');
    CHECK(load_from({{"MEMORYPRO_SOCKET", fits}}).problems.empty());
    CHECK(
        load_from({{"MEMORYPRO_SOCKET", fits + "s"}}).problems ==
        problems{
            "MEMORYPRO_SOCKET (environment): is 108 bytes long; a socket's path has at most 107"});
    CHECK(
        load_from({{"XDG_RUNTIME_DIR", fits}}).problems ==
        problems{"MEMORYPRO_SOCKET (default): is 122 bytes long; a socket's path has at most 107"});
}

TEST_CASE("a webhook secret that says it holds a key must hold one") {
    for (const char* odd : {"whsec_", "whsec_=", "whsec_not base64", "whsec_A"}) {
        const auto got = load_from(
            {{"MEMORYPRO_WEBHOOK_SECRET", odd}, {"MEMORYPRO_WEBHOOK_SECRET_PREVIOUS", odd}});
        const std::string wrong =
            " (environment): begins with whsec_, but what follows is not a key in base64";
        CHECK(got.problems == problems{"MEMORYPRO_WEBHOOK_SECRET" + wrong,
                                       "MEMORYPRO_WEBHOOK_SECRET_PREVIOUS" + wrong});
    }
    for (const char* good : {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec", "text whsec_"})
        CHECK(load_from({{"MEMORYPRO_WEBHOOK_SECRET", good}}).problems.empty());
}

TEST_CASE("a webhook URL needs a secret while push is enabled") {
    const values url = {{"MEMORYPRO_WEBHOOK_URL", "https://me.example/hook"}};
    CHECK(load_from(url).problems ==
          problems{"MEMORYPRO_WEBHOOK_URL (environment): needs MEMORYPRO_WEBHOOK_SECRET, or "
                   "MEMORYPRO_ENABLE_PUSH=false"});
    CHECK(load_from(url, {{"MEMORYPRO_ENABLE_PUSH", "false"}}).problems.empty());
    values both = url;
    both["MEMORYPRO_WEBHOOK_SECRET"] = "w";
    CHECK(load_from(both).problems.empty());
    both["MEMORYPRO_WEBHOOK_SECRET"] = "w\n";
    CHECK(load_from(both).problems.size() == 1);
}

TEST_CASE("the receiver's certificate and key come together") {
    const scratch files;
    const std::string pem = files.write("pem", "x");
    CHECK(load_from({{"MEMORYPRO_WEBHOOK_TLS_CERT", pem}}).problems ==
          problems{"MEMORYPRO_WEBHOOK_TLS_CERT (environment): needs MEMORYPRO_WEBHOOK_TLS_KEY"});
    CHECK(load_from({}, {{"MEMORYPRO_WEBHOOK_TLS_KEY", pem}}).problems ==
          problems{
              "MEMORYPRO_WEBHOOK_TLS_KEY (--webhook-tls-key): needs MEMORYPRO_WEBHOOK_TLS_CERT"});
    const std::string open = files.write("open", "x", 0644);
    const loaded got =
        load_from({{"MEMORYPRO_WEBHOOK_TLS_CERT", open}, {"MEMORYPRO_WEBHOOK_TLS_KEY", open}});
    CHECK(got.problems.empty());
    CHECK(got.warnings == problems{"MEMORYPRO_WEBHOOK_TLS_KEY (environment): others can read the "
                                   "file (mode 0644)"});
}

TEST_CASE("half an account is a warning and leaves the mode local") {
    const loaded only_key = load_from({{"MEMORYPRO_API_KEY", "k"}});
    CHECK(only_key.problems.empty());
    CHECK(only_key.warnings == problems{"MEMORYPRO_API_KEY (environment): set without "
                                        "MEMORYPRO_API_SECRET; the mode stays local"});
    CHECK(mode_of(only_key.settings) == mode::local);
    CHECK(load_from({{"MEMORYPRO_API_SECRET", "s"}}).warnings.size() == 1);
}

TEST_CASE("the process's environment is read as it is") {
    REQUIRE(::setenv("MEMORYPRO_TEST_VALUE", "a=b", 1) == 0);
    CHECK(environment().at("MEMORYPRO_TEST_VALUE") == "a=b");
    ::unsetenv("MEMORYPRO_TEST_VALUE");
    CHECK(environment().count("MEMORYPRO_TEST_VALUE") == 0);
}

}  // namespace
}  // namespace memorypro::config
