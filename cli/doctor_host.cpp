// doctor's checks of this host: files, modes, space.
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "cli/doctor_checks.hpp"
#include "cli/text.hpp"
#include "store/sqlite/soundness.hpp"

namespace memorypro::cli {

namespace {

constexpr std::uint64_t least_space = std::uint64_t{64} << 20;
constexpr int lock_patience = 2000;  // ms

std::string owner_of(const struct stat& file) {
    const auto* user = ::getpwuid(file.st_uid);
    const auto* group = ::getgrgid(file.st_gid);
    return fmt::format("{}:{}", user ? user->pw_name : std::to_string(file.st_uid),
                       group ? group->gr_name : std::to_string(file.st_gid));
}

struct close_database {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using database = std::unique_ptr<sqlite3, close_database>;

// The first line of PRAGMA quick_check: "ok", or what is wrong.
finding quick_check(sqlite3* opened) {
    std::string verdict_line;
    char* message = nullptr;
    const auto keep_first = [](void* into, int, char** values, char**) {
        auto& line = *static_cast<std::string*>(into);
        if (line.empty() && values[0]) line = values[0];
        return 0;
    };
    const int code =
        sqlite3_exec(opened, "PRAGMA quick_check(1)", keep_first, &verdict_line, &message);
    const std::string problem = message ? message : "";
    sqlite3_free(message);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return {verdict::skipped, "the database is locked: " + problem};
    if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)
        return {verdict::skipped, "not readable beside a running daemon: " + problem};
    if (code != SQLITE_OK) return {verdict::bad, problem};
    if (verdict_line == "ok") return {verdict::good, verdict_line};
    if (store::sqlite::is_about_text_index(verdict_line))
        verdict_line += " ('memorypro reindex' builds it again)";
    return {verdict::bad, verdict_line};
}

}  // namespace

finding check_socket(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) {
        const auto code = errno == EACCES ? exit_code::not_permitted : exit_code::unreachable;
        return {verdict::bad, fmt::format("{}: {}", path, std::strerror(errno)), code};
    }
    if (!S_ISSOCK(found.st_mode))
        return {verdict::bad, path + " is not a socket", exit_code::unreachable};
    const auto shown =
        fmt::format("{}, mode {:04o}, {}", path, found.st_mode & 07777u, owner_of(found));
    if (::access(path.c_str(), W_OK) != 0)
        return {verdict::bad, shown + ": this user may not connect", exit_code::not_permitted};
    return {(found.st_mode & S_IWOTH) ? verdict::bad : verdict::good,
            (found.st_mode & S_IWOTH) ? shown + ": every user of this host may connect" : shown};
}

finding check_disk(const std::string& data_directory) {
    struct statvfs space{};
    if (::statvfs(data_directory.c_str(), &space) != 0)
        return {verdict::skipped, fmt::format("{}: {}", data_directory, std::strerror(errno))};
    const auto free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
    return {free >= least_space ? verdict::good : verdict::bad,
            fmt::format("{} free in {}", human_bytes(free), data_directory)};
}

finding check_database(const std::string& data_directory) {
    const auto path = data_directory + "/memories.db";
    if (::access(path.c_str(), R_OK) != 0)
        return {verdict::skipped, fmt::format("{}: {}", path, std::strerror(errno))};
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
    const database opened(handle);
    if (code != SQLITE_OK)
        return {verdict::skipped, fmt::format("{}: {}", path, sqlite3_errstr(code))};
    sqlite3_busy_timeout(handle, lock_patience);
    auto found = quick_check(handle);
    found.detail = fmt::format("{}: {}", path, found.detail);
    return found;
}

}  // namespace memorypro::cli
