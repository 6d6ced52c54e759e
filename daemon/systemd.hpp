// The service manager: readiness, the watchdog, sockets it hands over. Without one, all do nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace memorypro::daemon::systemd {

void ready();
void reloading();
void stopping();
void alive();

// How often alive() is expected; nullopt: there is no watchdog.
std::optional<std::chrono::microseconds> watchdog_interval();

struct handed_socket {
    int descriptor;
    std::string name;  // the unit's FileDescriptorName=
};

// Listening sockets, handed over once.
std::vector<handed_socket> take_sockets();

// Whether stderr goes to journald.
bool logs_to_journal();

}  // namespace memorypro::daemon::systemd
