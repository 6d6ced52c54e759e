#include "cli/socket_path.hpp"

#include <algorithm>

namespace memorypro::cli {

std::string find_socket(const config::values& environment,
                        const std::function<bool(const std::string&)>& exists) {
    const auto value = [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string() : found->second;
    };
    if (const auto chosen = value("MEMORYPRO_SOCKET"); !chosen.empty()) return chosen;

    for (const char* name : {"RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"}) {
        auto directory = value(name);
        directory.resize(
            std::min(directory.find(':'), directory.size()));  // systemd: may be a list
        const auto path = directory + "/memorypro.sock";
        if (!directory.empty() && exists(path)) return path;
    }
    return system_socket;
}

}  // namespace memorypro::cli
