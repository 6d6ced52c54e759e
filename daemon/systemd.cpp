#include "systemd.hpp"

#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <system_error>

namespace memorypro::daemon::systemd {

void ready() {
    sd_notify(0, "READY=1");
}
void stopping() {
    sd_notify(0, "STOPPING=1");
}
void alive() {
    sd_notify(0, "WATCHDOG=1");
}

// sd_notify(3): Type=notify-reload wants the time at which the reload began.
void reloading() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto usec = static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
                      static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
    sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec)).c_str());
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t usec = 0;
    if (sd_watchdog_enabled(0, &usec) <= 0) return std::nullopt;
    return std::chrono::microseconds(usec);
}

std::vector<handed_socket> take_sockets() {
    char** names = nullptr;
    const int count = sd_listen_fds_with_names(1, &names);
    if (count < 0)
        throw std::system_error(-count, std::generic_category(), "the service manager's sockets");
    std::vector<handed_socket> sockets;
    for (int i = 0; i < count; ++i) {
        sockets.push_back({SD_LISTEN_FDS_START + i, names[i]});
        std::free(names[i]);
    }
    std::free(names);
    return sockets;
}

// systemd.exec(5), $JOURNAL_STREAM: device and inode of the journal's stream.
bool logs_to_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat err{};
    if (!stream || ::fstat(STDERR_FILENO, &err) != 0) return false;
    return std::to_string(err.st_dev) + ':' + std::to_string(err.st_ino) == stream;
}

}  // namespace memorypro::daemon::systemd
