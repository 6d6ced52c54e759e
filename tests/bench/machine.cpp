#include "machine.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <string_view>
#include <thread>
#include <utility>

#include "process.hpp"
#include "sqlite_peer.hpp"

namespace memorypro::bench {
namespace {

std::string processor() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return "unknown";
}

std::string redis_version(const std::filesystem::path& redis, const std::filesystem::path& folder) {
    if (redis.empty()) return "not installed";
    child asked({redis, "--version"}, folder / "redis-version");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (asked.running() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    const auto said = asked.log_tail();
    return said.substr(0, said.find('\n'));
}

}  // namespace

std::string file_system_of(const std::filesystem::path& folder) {
    // From statfs(2).
    static constexpr std::pair<unsigned long, std::string_view> known[] = {
        {0xEF53, "ext4"},        {0x58465342, "xfs"},   {0x9123683E, "btrfs"},
        {0x794C7630, "overlay"}, {0x01021994, "tmpfs"}, {0x2FC12FC1, "zfs"}};
    struct statfs facts = {};
    if (::statfs(folder.c_str(), &facts) != 0) return "unknown";
    const auto magic = static_cast<unsigned long>(facts.f_type) & 0xFFFFFFFFU;
    for (const auto& [number, name] : known) {
        if (number == magic) return std::string(name);
    }
    return fmt::format("{:#x}", magic);
}

void add_machine(report& results, const std::filesystem::path& folder,
                 const std::filesystem::path& redis) {
    utsname kernel = {};
    ::uname(&kernel);
    char date[32] = {};
    const std::time_t now = std::time(nullptr);
    std::tm utc = {};
    std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", ::gmtime_r(&now, &utc));
    results.add_fact("date", date);
    results.add_fact("processor",
                     fmt::format("{} x {}", std::thread::hardware_concurrency(), processor()));
    results.add_fact("kernel", kernel.release);
    results.add_fact("file system", file_system_of(folder));
    results.add_fact("redis", redis_version(redis, folder));
    results.add_fact("sqlite", sqlite_version());
}

}  // namespace memorypro::bench
