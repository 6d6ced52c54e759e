#include <algorithm>

#include "config/fixture.hpp"
#include "config/keys.hpp"
#include "support/catch.hpp"

namespace memorypro::config {
namespace {

using namespace std::chrono_literals;

std::string shown(const settings& now, std::string_view key) {
    for (const shown_setting& one : describe(now))
        if (one.key == key) return one.value;
    FAIL("no such key: " << key);
    return {};
}

TEST_CASE("secrets are masked by the same stars whatever they are, and unset ones shown as unset") {
    settings now;
    now.api_key = "k";
    now.webhook_secret = std::string(200, 'w');
    CHECK(shown(now, "MEMORYPRO_API_KEY") == "********");
    CHECK(shown(now, "MEMORYPRO_WEBHOOK_SECRET") == "********");
    CHECK(shown(now, "MEMORYPRO_API_SECRET") == "");
    CHECK(shown(now, "MEMORYPRO_WEBHOOK_SECRET_PREVIOUS") == "");
}

TEST_CASE("values are shown as they would be written") {
    settings now;
    now.socket_mode = 0600;
    now.queue_max_bytes = 1500;
    now.evolution = false;
    now.durability = durability::normal;
    now.webhook_listen = "[::1]:80";
    CHECK(shown(now, "MEMORYPRO_SOCKET_MODE") == "0600");
    CHECK(shown(now, "MEMORYPRO_QUEUE_MAX_BYTES") == "1500");
    CHECK(shown(now, "MEMORYPRO_MAX_CONTENT_BYTES") == "1M");
    CHECK(shown(now, "MEMORYPRO_EVOLUTION") == "false");
    CHECK(shown(now, "MEMORYPRO_DURABILITY") == "normal");
    CHECK(shown(now, "MEMORYPRO_WEBHOOK_LISTEN") == "[::1]:80");
    CHECK(shown(now, "MEMORYPRO_METRICS_LISTEN") == "off");
    CHECK(shown(now, "MEMORYPRO_TIMEOUT") == "30");
}

TEST_CASE("every setting is described once, in a line of words, with a flag of its own") {
    std::map<std::string, int> seen;
    for (const shown_setting& one : describe({})) {
        CAPTURE(one.key);
        CHECK(++seen[one.key] == 1);
        CHECK(one.key.rfind(prefix, 0) == 0);
        CHECK(one.meaning.size() >= 10);
        CHECK(one.meaning.size() <= 98);
        CHECK(one.meaning.find('\n') == std::string::npos);
        CHECK(one.meaning.back() == '.');
    }
    CHECK(seen.size() == 31);
    CHECK(flag_of("MEMORYPRO_POLL_INTERVAL") == "--poll-interval");
}

TEST_CASE("what is printed of the settings reads back as the same settings, but for secrets") {
    settings now;
    now.socket = "/s.sock";
    now.data_dir = "/d";
    now.timeout = 77s;
    now.metrics_listen = "127.0.0.1:1";
    const scratch files;
    std::string kept;
    for (const shown_setting& one : describe(now))
        if (!one.value.empty()) kept += one.key + "=" + one.value + "\n";
    const loaded got = load_from({}, {}, files.write("env", kept));
    CHECK(joined(got.problems) == "");
    CHECK(got.settings == now);
}

TEST_CASE("the effective text begins with the mode and has a line for every key") {
    settings now;
    now.api_key = now.api_secret = "hush";
    const std::string text = effective_text(now);
    CHECK(text.rfind("# mode: cloud_first\n", 0) == 0);
    CHECK(text.find("\nMEMORYPRO_API_KEY=********\n") != std::string::npos);
    CHECK(text.find("\nMEMORYPRO_TIMEOUT=30\n") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == static_cast<long>(keys().size()) + 1);
}

TEST_CASE("the mode follows the account and the order of preference") {
    settings now;
    CHECK(to_string(mode_of(now)) == "local");
    now.api_key = "k";
    CHECK(to_string(mode_of(now)) == "local");
    now.api_secret = "s";
    CHECK(to_string(mode_of(now)) == "cloud_first");
    now.cloud_first = false;
    CHECK(to_string(mode_of(now)) == "hybrid");
}

TEST_CASE("a reload applies what it may and names what waits for a restart") {
    settings running;
    running.socket = "/a";
    settings fresh = running;
    CHECK(reload(running, fresh).applied.empty());

    fresh.log_level = log_level::debug;
    fresh.api_key = "rotated";
    fresh.socket = "/b";
    const reloaded changed = reload(running, fresh);
    CHECK(changed.applied == std::vector<std::string>{"MEMORYPRO_API_KEY", "MEMORYPRO_LOG_LEVEL"});
    CHECK(changed.needs_restart == std::vector<std::string>{"MEMORYPRO_SOCKET"});
    CHECK(running.log_level == log_level::debug);
    CHECK(running.api_key == "rotated");
    CHECK(running.socket == "/a");
}

}  // namespace
}  // namespace memorypro::config
