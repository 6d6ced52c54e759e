#include "store/sqlite/cloud_ids.hpp"

#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {
namespace {

std::optional<cloud_identity> read_one(statement query) {
    if (!query.step()) return std::nullopt;
    return cloud_identity{.number = query.integer(0),
                          .cloud_id = query.optional_text(1),
                          .local_id = query.optional_text(2),
                          .revision = static_cast<int>(query.integer(3)),
                          .deleted = query.integer(4) != 0};
}

#define SELECT_IDENTITY "SELECT number, cloud_id, local_id, revision, deleted FROM cloud_ids WHERE "

// Nobody has the cloud's id any more, so that it can be given to another memory.
void release_cloud_id(connection& db, const std::string& cloud_id) {
    db.prepare("DELETE FROM cloud_ids WHERE cloud_id = ? AND local_id IS NULL")
        .bind(cloud_id)
        .run();
    db.prepare("UPDATE cloud_ids SET cloud_id = NULL WHERE cloud_id = ?").bind(cloud_id).run();
}

void insert_tombstone(connection& db, const std::string& cloud_id) {
    db.prepare("INSERT INTO cloud_ids (cloud_id, revision, deleted) VALUES (?, ?, 1)")
        .bind(cloud_id)
        .bind(std::int64_t{never_sent})
        .run();
}

// The local id's row, made when there was none.
void record_local_id(connection& db, const std::string& local_id, int revision, bool deleted) {
    db.prepare(
          "INSERT INTO cloud_ids (local_id, revision, deleted) VALUES (?,?,?)"
          " ON CONFLICT (local_id) DO UPDATE SET"
          " revision = max(revision, excluded.revision), deleted = excluded.deleted")
        .bind(local_id)
        .bind(std::int64_t{revision})
        .bind(std::int64_t{deleted})
        .run();
}

}  // namespace

std::optional<cloud_identity> find_by_local_id(connection& db, const std::string& id) {
    statement query = db.prepare(SELECT_IDENTITY "local_id = ?");
    query.bind(id);
    return read_one(std::move(query));
}

std::optional<cloud_identity> find_by_cloud_id(connection& db, const std::string& id) {
    {
        statement query = db.prepare(SELECT_IDENTITY "cloud_id = ?");
        query.bind(id);
        if (auto found = read_one(std::move(query))) return found;
    }
    auto ours = find_by_local_id(db, id);
    if (ours && ours->cloud_id) return std::nullopt;
    return ours;
}

std::optional<cloud_identity> find_by_either_id(connection& db, const std::string& id) {
    auto ours = find_by_local_id(db, id);
    return ours ? ours : find_by_cloud_id(db, id);
}

std::optional<memory> find_by_any_id(connection& db, const std::string& id) {
    if (auto found = find_by_id(db, id)) return found;
    const auto known = find_by_cloud_id(db, id);
    if (!known || known->deleted || !known->local_id) return std::nullopt;
    return find_by_id(db, *known->local_id);
}

known_memory find_known_memory(connection& db, const std::string& cloud_id) {
    known_memory answer;
    if (const auto known = find_by_cloud_id(db, cloud_id)) {
        answer.deleted = known->deleted;
        answer.local_id = known->local_id;
        if (known->deleted) return answer;
    }
    // The cloud may have a memory under our id before we are told so.
    answer.copy = find_by_id(db, answer.local_id.value_or(cloud_id));
    if (answer.copy) answer.local_id = answer.copy->id;
    return answer;
}

void record_cloud_id(connection& db, const std::string& local_id,
                     const std::optional<std::string>& cloud_id, int revision) {
    const auto before = find_by_local_id(db, local_id);
    record_local_id(db, local_id, revision, false);
    if (!cloud_id || (before && before->cloud_id == cloud_id)) return;
    release_cloud_id(db, *cloud_id);
    db.prepare("UPDATE cloud_ids SET cloud_id = ? WHERE local_id = ?")
        .bind(*cloud_id)
        .bind(local_id)
        .run();
    if (before && before->cloud_id) insert_tombstone(db, *before->cloud_id);
}

void record_sent(connection& db, const std::string& local_id, int revision) {
    const auto before = find_by_local_id(db, local_id);
    record_local_id(db, local_id, revision, before && before->deleted);
}

void record_deleted(connection& db, const std::string& local_id, int revision) {
    record_local_id(db, local_id, revision, true);
}

void record_tombstone(connection& db, const std::string& cloud_id) {
    if (!find_by_cloud_id(db, cloud_id)) insert_tombstone(db, cloud_id);
}

void delete_identity(connection& db, const cloud_identity& known) {
    db.prepare("UPDATE cloud_ids SET deleted = 1 WHERE number = ?").bind(known.number).run();
}

}  // namespace memorypro::store::sqlite
