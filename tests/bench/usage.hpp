// What processes and the machine use, as the kernel tells it.
#pragma once

#include <sys/types.h>

#include <chrono>

namespace memorypro::bench {

double cpu_seconds(pid_t);  // user and system time of all its threads
double own_thread_cpu_seconds();

struct memory_use {
    double rss_mib = 0;        // VmRSS
    double anonymous_mib = 0;  // RssAnon: without pages of the program and its shared libraries
    double peak_mib = 0;       // VmHWM
};
memory_use memory_of(pid_t);

// Waits until the process uses less than 2 % of a core, at most `limit_seconds`; returns the
// seconds until then.
double wait_until_idle(pid_t, double limit_seconds);

// How many cores processes other than this one and `server` (0: none) have kept busy since it was
// made. A round with busy neighbours says little: on a full machine a server waits for its turn
// after every flush.
class neighbours {
public:
    explicit neighbours(pid_t server);
    double cores() const;

private:
    double others_seconds() const;

    pid_t server_;
    std::chrono::steady_clock::time_point begin_;
    double before_;
};

}  // namespace memorypro::bench
