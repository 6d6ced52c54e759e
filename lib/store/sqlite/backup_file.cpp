#include "store/sqlite/backup_file.hpp"

#include "store/sqlite/connection.hpp"
#include "store/sqlite/index.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/soundness.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::int64_t first_with_outbox = 2;

void check_kind(connection& db, std::int64_t schema) {
    if (db.integer("PRAGMA application_id") != application_id || schema < 1)
        throw no_backup("it is not a database of memoryprod");
    if (schema > newest_schema())
        throw no_backup("it has schema " + std::to_string(schema) + ", this program knows up to " +
                        std::to_string(newest_schema()) + ": it was written by a newer memoryprod");
}

// Whether the text index was damaged, and is empty now; that of an older schema is built again by
// the upgrade.
bool check_content(connection& db, std::int64_t schema) {
    auto found = check_soundness(db, "PRAGMA integrity_check");
    const bool emptied = !found.index_damage.empty() && schema == newest_schema();
    if (emptied) {
        empty_index(db);
        found = check_soundness(db, "PRAGMA integrity_check");
    }
    if (!found.damage.empty()) throw no_backup("it is damaged: " + found.damage);
    return emptied;
}

}  // namespace

backup_facts check_backup(const std::string& path) try {
    connection db(path, connection::access::read_write);
    db.execute(connection_settings);
    backup_facts found{.schema = db.integer("PRAGMA user_version")};
    check_kind(db, found.schema);
    found.index_emptied = check_content(db, found.schema);
    found.memories = db.integer("SELECT count(*) FROM memories");
    if (found.schema >= first_with_outbox)
        found.queued = db.integer("SELECT count(*) FROM outbox WHERE state <= 2");
    return found;
} catch (const sqlite_error& failure) {
    if (failure.damaged()) throw no_backup(std::string("it is damaged: ") + failure.what());
    throw;
}

}  // namespace memorypro::store::sqlite
