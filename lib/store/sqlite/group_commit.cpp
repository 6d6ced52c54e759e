#include "store/sqlite/group_commit.hpp"

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

}  // namespace

bool commit_together(connection& db, batch& jobs) try {
    db.prepare("BEGIN IMMEDIATE").run();
    for (auto& next : jobs)
        run_in_savepoint(db, *next);
    db.prepare("COMMIT").run();
    return true;
} catch (const std::exception& failure) {
    spdlog::error("a commit of {} changes failed: {}", jobs.size(), failure.what());
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
