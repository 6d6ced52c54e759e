#include "config/keys.hpp"

namespace memorypro::config {

mode mode_of(const settings& now) {
    if (now.api_key.empty() || now.api_secret.empty()) return mode::local;
    return now.cloud_first ? mode::cloud_first : mode::hybrid;
}

std::string_view to_string(mode which) {
    switch (which) {
        case mode::local:
            return "local";
        case mode::cloud_first:
            return "cloud_first";
        case mode::hybrid:
            return "hybrid";
    }
    return "";
}

std::vector<shown_setting> describe(const settings& now) {
    std::vector<shown_setting> shown;
    for (const key& entry : keys()) {
        std::string value = entry.value.print(now);
        // As many stars whatever the secret: its length is nobody's business.
        if (entry.secret() && !value.empty()) value = "********";
        shown.push_back({std::string(entry.name), std::move(value), std::string(entry.meaning),
                         entry.secret(), entry.applied == at::reload});
    }
    return shown;
}

std::string effective_text(const settings& now) {
    std::string text = "# mode: " + std::string(to_string(mode_of(now))) + "\n";
    for (const shown_setting& one : describe(now))
        text += one.key + "=" + one.value + "\n";
    return text;
}

reloaded reload(settings& running, const settings& fresh) {
    reloaded changed;
    for (const key& entry : keys()) {
        if (entry.value.print(running) == entry.value.print(fresh)) continue;
        if (entry.applied == at::reload) entry.value.copy(running, fresh);
        (entry.applied == at::reload ? changed.applied : changed.needs_restart)
            .emplace_back(entry.name);
    }
    return changed;
}

}  // namespace memorypro::config
