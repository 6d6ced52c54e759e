// Every setting, once. `load`, `describe`, the flags and the test of config/memorypro.env derive
// from this table, so none of them can drift from another.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace memorypro::config {

// How one member of `settings` is read from text, printed and copied.
struct member {
    // What is wrong with the text as a phrase, such as `must be 1 to 3600, is "abc"`; empty: set.
    // Never quotes a secret.
    std::function<std::string(settings&, std::string_view)> set;
    std::function<std::string(const settings&)> print;  // a secret unmasked; empty: unset
    std::function<void(settings& to, const settings& from)> copy;
    std::string_view placeholder;  // of the flag's value in --help: "SECONDS"
};

enum class at { restart, reload };

struct key {
    std::string_view name;  // "MEMORYPRO_TIMEOUT"
    std::string_view group;
    std::string_view meaning;  // one line
    at applied;
    member value;
    // A secret's file in $CREDENTIALS_DIRECTORY; empty: not a secret. Secrets are no flags, since
    // every user sees a process's arguments; each can come from the file named by NAME_FILE.
    std::string_view credential = {};
    // Shown in the file where the default depends on the environment: what the packaged unit gives.
    std::string_view under_systemd = {};

    bool secret() const { return !credential.empty(); }
};

inline constexpr std::string_view prefix = "MEMORYPRO_";

// In the order of config/memorypro.env.
const std::vector<key>& keys();

// The text that the shipped file shows; empty: unset.
std::string default_text(const key&);

// What may be set in a file or the environment: "MEMORYPRO_TIMEOUT", "MEMORYPRO_API_KEY_FILE", …
std::vector<std::string> known_names();

// Those of known_names() that are flags: all but the secrets themselves.
std::vector<std::string> flag_names();

// "MEMORYPRO_POLL_INTERVAL" → "--poll-interval".
std::string flag_of(std::string_view name);

// The known name that `name` most likely stands for; empty: none is near.
std::string nearest_name(std::string_view name);

}  // namespace memorypro::config
