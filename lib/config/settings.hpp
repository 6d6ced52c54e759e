// What the daemon can be told: one aggregate, its defaults, and how it is read.
//
// Precedence: flags > environment > file > defaults. All problems are reported at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memorypro::config {

enum class durability { full, normal };
enum class log_format { text, json };
enum class log_level { trace, debug, info, warning, error };
enum class mode { local, cloud_first, hybrid };

// Defaults here are what an empty environment gives, but for the two paths, which depend on it.
struct settings {
    std::string api_url = "https://api.memorypro.com";  // no slash at the end
    std::string api_key;                                // empty: none
    std::string api_secret;                             // empty: none
    std::chrono::seconds timeout{30};
    int max_retries = 3;

    std::string webhook_url;  // empty: not registered with the cloud
    std::string webhook_secret;
    std::string webhook_secret_previous;
    std::string webhook_listen = "127.0.0.1:8080";  // read with parse_endpoint
    std::string webhook_tls_cert;                   // path; empty: plain TCP
    std::string webhook_tls_key;
    std::chrono::seconds poll_interval{60};
    bool enable_push = true;
    bool enable_polling = true;

    bool cloud_first = true;
    bool local_fallback = true;
    bool evolution = true;
    bool lifecycle = true;
    bool ai_analysis = true;

    std::string socket;  // path
    unsigned socket_mode = 0660;
    std::string data_dir;  // path
    std::string ca_file;   // path; empty: the system's certificates
    int sync_concurrency = 8;
    std::uint64_t queue_max_bytes = std::uint64_t{1} << 30;
    std::uint64_t cache_max_bytes = 0;
    std::uint64_t max_content_bytes = std::uint64_t{1} << 20;
    std::string metrics_listen;  // as webhook_listen; empty: off
    config::durability durability = durability::full;
    config::log_level log_level = log_level::info;
    config::log_format log_format = log_format::text;

    bool operator==(const settings&) const = default;
};

// `local` without key and secret, else by MEMORYPRO_CLOUD_FIRST.
mode mode_of(const settings&);
std::string_view to_string(mode);

// One value under its MEMORYPRO_ name, as --check-config prints it; secrets masked.
struct shown_setting {
    std::string key;
    std::string value;
    std::string meaning;  // one line
    bool secret = false;
    bool changes_at_reload = false;  // SIGHUP applies it; the others need a restart
};
std::vector<shown_setting> describe(const settings&);

// The mode as a comment, then `describe` as KEY=value lines; an unset key has nothing after the =.
std::string effective_text(const settings&);

// A flag's value by key ("MEMORYPRO_TIMEOUT" for --timeout), and the environment.
using values = std::map<std::string, std::string, std::less<>>;

struct sources {
    values flags;
    values environment;               // HOME, XDG_* and systemd's *_DIRECTORY too
    std::optional<std::string> file;  // --config; without it the default path, which may be absent
};

struct loaded {
    config::settings settings;
    std::vector<std::string> problems;  // each names its key and where it was set; empty: good
    std::vector<std::string> warnings;  // such as a key file that others can read
};

inline constexpr std::string_view default_file = "/etc/memorypro/memorypro.env";

// Reads the file, the *_FILE secrets and the credentials directory (systemd's, or else credentials/
// beside the file). Never throws for bad input.
loaded load(const sources&);

// What SIGHUP may change is copied into `running`; everything else stays as it is.
struct reloaded {
    std::vector<std::string> applied;        // keys
    std::vector<std::string> needs_restart;  // keys whose new value waits for one
};
reloaded reload(settings& running, const settings& fresh);

// The process's environment as `values`.
values environment();

// Where the socket is when nothing names it (the CLI asks too); never empty.
std::string default_socket(const values& environment);

}  // namespace memorypro::config
