#include <unistd.h>

#include "config/load.hpp"
#include "config/parse.hpp"

namespace memorypro::config {
namespace {

// systemd sets RUNTIME_DIRECTORY and STATE_DIRECTORY, a list with colons when the unit names
// several.
std::string first_directory(const values& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? "" : found->second.substr(0, found->second.find(':'));
}

// The XDG specification: a relative path is to be ignored.
std::string absolute_directory(const values& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() || !found->second.starts_with('/') ? "" : found->second;
}

std::string default_data_dir(const values& environment) {
    if (auto state = first_directory(environment, "STATE_DIRECTORY"); !state.empty()) return state;
    if (auto xdg = absolute_directory(environment, "XDG_STATE_HOME"); !xdg.empty())
        return xdg + "/memorypro";
    if (auto home = absolute_directory(environment, "HOME"); !home.empty())
        return home + "/.local/state/memorypro";
    return {};
}

}  // namespace

std::string default_socket(const values& environment) {
    std::string directory = first_directory(environment, "RUNTIME_DIRECTORY");
    if (directory.empty()) directory = absolute_directory(environment, "XDG_RUNTIME_DIR");
    if (directory.empty()) directory = "/run/memorypro";
    return directory + "/memorypro.sock";
}

void set_default_paths(draft& made, const values& environment) {
    if (!made.given("MEMORYPRO_SOCKET")) made.settings.socket = default_socket(environment);
    if (made.given("MEMORYPRO_DATA_DIR")) return;
    made.settings.data_dir = default_data_dir(environment);
    if (made.settings.data_dir.empty())
        made.problem("MEMORYPRO_DATA_DIR",
                     "must be set, for there is no $STATE_DIRECTORY, $XDG_STATE_HOME or $HOME");
    else if (has_control_character(made.settings.data_dir))
        made.problem("MEMORYPRO_DATA_DIR", "has a control character");
}

values environment() {
    values all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos)
            all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

}  // namespace memorypro::config
