#include "store/sqlite/group_commit.hpp"

#include <chrono>
#include <cstdlib>

#include "base/log.hpp"

namespace memorypro::store::sqlite {
namespace {

void run_in_savepoint(connection& db, job& next) {
    db.prepare("SAVEPOINT one").run();
    try {
        next.execute(db);
    } catch (...) {
        next.fail(std::current_exception());
        if (!db.in_transaction()) throw;
        db.prepare("ROLLBACK TO one").run();
    }
    db.prepare("RELEASE one").run();
}

// After a failed fsync the kernel forgets what it could not write, and a later one succeeds without
// it (https://lwn.net/Articles/752063/). Only a new start, which reads the file, knows what is
// there.
[[noreturn]] void give_up(const std::exception& failure) {
    spdlog::critical("the disk did not confirm a commit: {}; exiting to recover", failure.what());
    log::flush();
    std::_Exit(70);
}

void report(const std::exception& failure, std::size_t jobs) {
    constexpr std::chrono::seconds at_most_every{1};
    thread_local std::chrono::steady_clock::time_point next;
    const auto now = std::chrono::steady_clock::now();
    if (now < next) return;
    next = now + at_most_every;
    spdlog::error("a commit of {} changes failed: {}", jobs, failure.what());
}

}  // namespace

bool commit_together(connection& db, std::span<std::unique_ptr<job>> jobs,
                     const std::function<void()>& last) try {
    if (db.in_transaction()) db.prepare("ROLLBACK").run();  // one that failed to end
    db.prepare("BEGIN IMMEDIATE").run();
    for (auto& next : jobs)
        run_in_savepoint(db, *next);
    last();
    db.prepare("COMMIT").run();
    return true;
} catch (const std::exception& failure) {
    if (const auto* sqlite = dynamic_cast<const sqlite_error*>(&failure))
        if (sqlite->unsynced()) give_up(failure);
    report(failure, jobs.size());
    for (auto& failed : jobs)
        failed->fail(std::current_exception());
    try {
        if (db.in_transaction()) db.prepare("ROLLBACK").run();
    } catch (const sqlite_error& again) {
        spdlog::error("its rollback failed: {}", again.what());
    }
    return false;
}

}  // namespace memorypro::store::sqlite
