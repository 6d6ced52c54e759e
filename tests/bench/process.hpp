// Processes that the benchmark starts, what the kernel says about them, and interruption.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace memorypro::bench {

struct interrupted {};  // thrown by check_interrupted; not an error to report

// SIGINT, SIGTERM and SIGHUP unwind the program, so that every child is stopped on the way.
void install_interrupt_handler();
void check_interrupted();

// A child process. It ends with this object (SIGTERM, SIGKILL after ten seconds), and, should the
// benchmark itself be killed, by the kernel (PR_SET_PDEATHSIG: construct on the main thread).
class child {
public:
    // Runs argv[0] as a path; stdin is /dev/null, stdout and stderr go to `log`. Settings of the
    // host (MEMORYPRO_*, the service manager's) are left out of the environment.
    child(std::vector<std::string> argv, std::filesystem::path log);
    child(child&&) noexcept;
    child& operator=(child&&) = delete;
    ~child();

    pid_t pid() const { return pid_; }
    bool running();
    int stop();  // the exit status as a shell shows it: 128 + signal when killed by one

    std::string log_tail() const;  // the last lines that it wrote

private:
    bool reap(bool block);

    pid_t pid_ = -1;
    int status_ = 0;
    bool reaped_ = false;
    std::filesystem::path log_;
};

// The executable of that name in PATH, or empty.
std::filesystem::path find_program(const std::string& name);

}  // namespace memorypro::bench
