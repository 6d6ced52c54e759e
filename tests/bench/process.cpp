#include "process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace memorypro::bench {
namespace {

using steady = std::chrono::steady_clock;

volatile std::sig_atomic_t interrupt_seen = 0;

std::vector<std::string> child_environment() {
    static constexpr std::array<std::string_view, 5> left_out = {
        "MEMORYPRO_", "CREDENTIALS_DIRECTORY=", "NOTIFY_SOCKET=", "LISTEN_", "WATCHDOG_"};
    std::vector<std::string> kept;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        bool keep = true;
        for (const auto prefix : left_out)
            keep = keep && !text.starts_with(prefix);
        if (keep) kept.emplace_back(text);
    }
    return kept;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (auto& text : strings)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

void pause_ms(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

}  // namespace

void install_interrupt_handler() {
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupt_seen = 1; };
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        ::sigaction(signal, &action, nullptr);
}

void check_interrupted() {
    if (interrupt_seen != 0) throw interrupted();
}

child::child(std::vector<std::string> argv, std::filesystem::path log) : log_(std::move(log)) {
    auto environment = child_environment();
    const auto arguments = pointers(argv);
    const auto variables = pointers(environment);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (pid_ > 0) return;

    // Only async-signal-safe calls from here on.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::setpgid(0, 0);  // Ctrl-C reaches the benchmark only, which then stops its children in order
    const int input = ::open("/dev/null", O_RDONLY);
    const int output = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(input, 0);
    ::dup2(output, 1);
    ::dup2(output, 2);
    ::execve(arguments[0], arguments.data(), variables.data());
    ::_exit(127);
}

child::child(child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(other.status_),
      reaped_(other.reaped_),
      log_(std::move(other.log_)) {}

child::~child() {
    stop();
}

bool child::reap(bool block) {
    if (pid_ < 0 || reaped_) return true;
    pid_t got = 0;
    do {
        got = ::waitpid(pid_, &status_, block ? 0 : WNOHANG);
    } while (got < 0 && errno == EINTR);
    reaped_ = got != 0;
    return reaped_;
}

bool child::running() {
    return !reap(false);
}

int child::stop() {
    if (!reap(false)) {
        ::kill(pid_, SIGTERM);
        const auto deadline = steady::now() + std::chrono::seconds(10);
        while (!reap(false) && steady::now() < deadline)
            pause_ms(5);
    }
    if (!reap(false)) {
        ::kill(pid_, SIGKILL);
        reap(true);
    }
    return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
}

std::string child::log_tail() const {
    constexpr std::size_t longest = 600;
    std::ostringstream text;
    text << std::ifstream(log_).rdbuf();
    std::string all = text.str();
    return all.size() > longest ? all.substr(all.size() - longest) : all;
}

std::filesystem::path find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
        auto candidate = std::filesystem::path(folder) / name;
        if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

}  // namespace memorypro::bench
