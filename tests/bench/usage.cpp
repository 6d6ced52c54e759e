#include "usage.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "process.hpp"

namespace memorypro::bench {
namespace {

using steady = std::chrono::steady_clock;

double seconds_of(const timespec& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Of all cores together, time stolen by the hypervisor included.
double machine_busy_seconds() {
    std::ifstream file("/proc/stat");
    std::string name;
    double user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, stolen = 0;
    file >> name >> user >> nice >> system >> idle >> waiting >> irq >> softirq >> stolen;
    const double ticks = user + nice + system + irq + softirq + stolen;
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

double cpu_seconds(pid_t pid) {
    clockid_t clock = {};
    timespec time = {};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
    return seconds_of(time);
}

double own_thread_cpu_seconds() {
    timespec time = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return seconds_of(time);
}

memory_use memory_of(pid_t pid) {
    memory_use use;
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);) {
        std::istringstream words(line);
        std::string key;
        double kib = 0;
        words >> key >> kib;
        if (key == "VmRSS:") use.rss_mib = kib / 1024;
        if (key == "RssAnon:") use.anonymous_mib = kib / 1024;
        if (key == "VmHWM:") use.peak_mib = kib / 1024;
    }
    return use;
}

double wait_until_idle(pid_t pid, double limit_seconds) {
    const auto begin = steady::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double>(steady::now() - begin).count();
    };
    double before = cpu_seconds(pid);
    while (elapsed() < limit_seconds) {
        const double window_begin = elapsed();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        check_interrupted();
        const double now = cpu_seconds(pid);
        if (now - before < 0.02 * (elapsed() - window_begin)) return window_begin;
        before = now;
    }
    return elapsed();
}

neighbours::neighbours(pid_t server)
    : server_(server), begin_(steady::now()), before_(others_seconds()) {}

double neighbours::others_seconds() const {
    timespec own = {};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    const double served = server_ == 0 ? 0 : cpu_seconds(server_);
    return machine_busy_seconds() - seconds_of(own) - served;
}

double neighbours::cores() const {
    const double elapsed = std::chrono::duration<double>(steady::now() - begin_).count();
    const double cores = (others_seconds() - before_) / std::max(elapsed, 1e-3);
    return std::clamp(cores, 0.0, static_cast<double>(std::thread::hardware_concurrency()));
}

}  // namespace memorypro::bench
