#include "cli/context.hpp"

#include <unistd.h>

#include <iostream>

#include "cli/socket_path.hpp"
#include "config/settings.hpp"

namespace memorypro::cli {

std::string context::socket_path() const {
    if (!socket.empty()) return socket;
    return find_socket(config::environment(),
                       [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; });
}

client& context::daemon() {
    using namespace std::chrono;
    if (!daemon_)
        daemon_.emplace(socket_path(), duration_cast<milliseconds>(duration<double>(timeout)));
    return *daemon_;
}

void context::print_json(std::string_view body) const {
    std::cout << body;
    if (!body.ends_with('\n')) std::cout << '\n';
}

}  // namespace memorypro::cli
