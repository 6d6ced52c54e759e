// The development cloud under test, and what speaks to it beside the daemon: the library's own
// transport for control and for the floor of a call, Python's httpx for what an agent would write.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "process.hpp"
#include "servers.hpp"
#include "workload.hpp"

namespace memorypro::bench {

struct emulator {
    child process;
    std::string address;              // "127.0.0.1:43210"
    std::filesystem::path authority;  // PEM, to trust it

    std::string url() const { return "https://" + address; }
    // Settings of a daemon that uses it, as its file has them.
    std::string settings() const;
};

// TLS on any free port, with data of its own. Throws std::runtime_error as the other servers do.
emulator start_emulator(const std::filesystem::path& program, workspace&,
                        const std::vector<std::string>& more = {});

// One exchange on a connection that stays; throws unless it is answered with 2xx.
class cloud_caller {
public:
    explicit cloud_caller(const emulator&);
    ~cloud_caller();
    std::string ask(std::string_view method, std::string target, std::string body = {});
    // How long each of `count` stores took, one after the other.
    std::vector<std::uint32_t> store_latencies_ns(const vocabulary&, std::size_t count);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// Seconds that Python's httpx takes to store so many memories through that many connections;
// nullopt: httpx is not installed.
std::optional<double> httpx_seconds(const emulator&, workspace&, std::uint64_t memories,
                                    std::size_t connections);

}  // namespace memorypro::bench
