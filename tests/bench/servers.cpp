#include "servers.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace memorypro::bench {
namespace {

using steady = std::chrono::steady_clock;

namespace fs = std::filesystem;

fs::path make_folder(const fs::path& parent) {
    std::string name = (parent / "memorypro-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "mkdtemp " + name);
    }
    return name;
}

// The caller has seen that it does not run.
std::string ended(child& process) {
    return fmt::format("ended with status {}, its log: \"{}\"; ", process.stop(),
                       process.log_tail());
}

}  // namespace

server await_ready(server started, const std::string& probe) {
    const auto deadline = steady::now() + std::chrono::seconds(20);
    std::string last;
    while (started.process.running() && steady::now() < deadline) {
        check_interrupted();
        try {
            ask_once(started, probe);
            return started;
        } catch (const std::runtime_error& failure) {
            last = failure.what();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (!started.process.running()) throw std::runtime_error(ended(started.process));
    throw std::runtime_error("not ready after 20 s: " + last);
}

workspace::workspace(const fs::path& parent, bool keep)
    : root_(make_folder(parent)), sockets_(make_folder(fs::temp_directory_path())), keep_(keep) {}

workspace::~workspace() {
    std::error_code ignored;
    fs::remove_all(sockets_, ignored);
    if (!keep_) fs::remove_all(root_, ignored);
}

fs::path workspace::fresh(const std::string& name) {
    auto folder = root_ / fmt::format("{}-{}", name, ++serial_);
    fs::create_directory(folder);
    return folder;
}

server start_daemon(const fs::path& program, workspace& space, const std::string& settings) {
    const auto data = space.fresh("memoryprod");
    const auto socket = space.socket(data.filename());
    // Without it the host's own settings would apply, with its cloud account.
    const auto file = data / "settings.env";
    std::ofstream(file) << settings;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    child process({program, "--config", file, "--data-dir", data / "data", "--socket", socket},
                  data / "log");
    return await_ready({std::move(process), socket, framing::http}, http_get("/readyz"));
}

server start_redis(const fs::path& program, workspace& space) {
    const auto data = space.fresh("redis");
    const auto socket = space.socket(data.filename());
    child process(
        {program, "--port", "0", "--unixsocket", socket, "--dir", data, "--appendonly", "yes",
         "--appendfsync", "always", "--save", "", "--auto-aof-rewrite-percentage", "0"},
        data / "log");
    return await_ready({std::move(process), socket, framing::resp}, resp_command({"PING"}));
}

load at(const server& target, load wanted) {
    if (wanted.socket.empty()) wanted.socket = target.socket;
    wanted.protocol = target.protocol;
    return wanted;
}

void ask_once(const server& asked, const std::string& request) {
    load one;
    one.expected_status = 200;
    one.requests = 1;
    one.next = [&] { return std::string_view(request); };
    const auto result = run_load(at(asked, one));
    if (result.refused != 0) throw std::runtime_error("refused: " + result.first_refusal);
}

load_result drive(server& target, const load& wanted) {
    try {
        auto result = run_load(at(target, wanted));
        if (result.refused != 0) throw std::runtime_error("refused: " + result.first_refusal);
        return result;
    } catch (const std::runtime_error& failure) {
        if (target.process.running()) throw;
        throw std::runtime_error(ended(target.process) + failure.what());
    }
}

}  // namespace memorypro::bench
