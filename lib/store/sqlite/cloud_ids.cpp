#include "store/sqlite/cloud_ids.hpp"

#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {
namespace {

std::optional<cloud_identity> read_identity(statement query) {
    if (!query.step()) return std::nullopt;
    return cloud_identity{.number = query.integer(0),
                          .cloud_id = query.optional_text(1),
                          .local_id = query.optional_text(2),
                          .revision = static_cast<int>(query.integer(3)),
                          .deleted = query.integer(4) != 0,
                          .archived = archive_mark::of_value(query.integer(5))};
}

#define SELECT_IDENTITY \
    "SELECT number, cloud_id, local_id, revision, deleted, archived FROM cloud_ids WHERE "

std::optional<cloud_identity> find_holder(connection& db, const std::string& cloud_id) {
    statement query = db.prepare(SELECT_IDENTITY "cloud_id = ?");
    query.bind(cloud_id);
    return read_identity(std::move(query));
}

// Nobody has the cloud's id any more, so that it can be given to another memory. Gives the mark
// that it got before any memory here had it.
archive_mark release_cloud_id(connection& db, const std::string& cloud_id) {
    const auto holder = find_holder(db, cloud_id);
    if (!holder) return {};
    const sql release = holder->local_id
                            ? sql("UPDATE cloud_ids SET cloud_id = NULL WHERE number = ?")
                            : sql("DELETE FROM cloud_ids WHERE number = ?");
    db.prepare(release).bind(holder->number).run();
    return holder->local_id ? archive_mark() : holder->archived;
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
    return read_identity(std::move(query));
}

std::optional<cloud_identity> find_by_cloud_id(connection& db, const std::string& id) {
    if (auto found = find_holder(db, id)) return found;
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
    bool archived = false;
    if (const auto known = find_by_cloud_id(db, cloud_id)) {
        answer.deleted = known->deleted;
        answer.local_id = known->local_id;
        archived = bool(known->archived);
        if (known->deleted) return answer;
    }
    // The cloud may have a memory under our id before we are told so.
    answer.copy = find_by_id(db, answer.local_id.value_or(cloud_id));
    if (answer.copy) answer.local_id = answer.copy->id;
    answer.archived = archived && !answer.copy;
    return answer;
}

archive_mark record_cloud_id(connection& db, const std::string& local_id,
                             const std::optional<std::string>& cloud_id, int revision) {
    const auto before = find_by_local_id(db, local_id);
    auto archived = before ? before->archived : archive_mark();
    if (!cloud_id || (before && before->cloud_id == cloud_id)) {
        record_local_id(db, local_id, revision, false);
        return archived;
    }
    const auto released = release_cloud_id(db, *cloud_id);
    if (!archived) archived = released;
    db.prepare(
          "INSERT INTO cloud_ids (cloud_id, local_id, revision, deleted, archived)"
          " VALUES (?, ?, ?, 0, ?)"
          " ON CONFLICT (local_id) DO UPDATE SET cloud_id = excluded.cloud_id,"
          " revision = max(revision, excluded.revision), deleted = 0, archived = excluded.archived")
        .bind(*cloud_id)
        .bind(local_id)
        .bind(std::int64_t{revision})
        .bind(archived.value)
        .run();
    if (before && before->cloud_id) insert_tombstone(db, *before->cloud_id);
    return archived;
}

void record_sent(connection& db, const std::string& local_id, int revision) {
    const auto before = find_by_local_id(db, local_id);
    record_local_id(db, local_id, revision, before && before->deleted);
}

void record_deleted(connection& db, const std::string& local_id, int revision) {
    record_local_id(db, local_id, revision, true);
}

void record_tombstone(connection& db, const std::string& cloud_id) {
    const auto known = find_by_cloud_id(db, cloud_id);
    if (!known)
        insert_tombstone(db, cloud_id);
    else if (!known->local_id)
        delete_identity(db, *known);
}

void delete_identity(connection& db, const cloud_identity& known) {
    db.prepare("UPDATE cloud_ids SET deleted = 1, archived = 0 WHERE number = ?")
        .bind(known.number)
        .run();
}

void record_archived(connection& db, const std::string& id, unknown_ids unknown,
                     archive_mark mark) {
    if (const auto known = find_by_either_id(db, id)) {
        if (known->deleted || known->archived) return;
        db.prepare("UPDATE cloud_ids SET archived = ? WHERE number = ?")
            .bind(mark.value)
            .bind(known->number)
            .run();
    } else if (unknown == unknown_ids::are_the_clouds) {
        db.prepare(
              "INSERT INTO cloud_ids (cloud_id, revision, deleted, archived) VALUES (?, ?, 0, ?)")
            .bind(id)
            .bind(std::int64_t{never_sent})
            .bind(mark.value)
            .run();
    }
}

// A row without our id was there to say that it is archived.
void forget_archived(connection& db, const cloud_identity& known) {
    const sql forget = known.local_id ? sql("UPDATE cloud_ids SET archived = 0 WHERE number = ?")
                                      : sql("DELETE FROM cloud_ids WHERE number = ?");
    db.prepare(forget).bind(known.number).run();
}

void forget_marks(connection& db, archive_mark mark) {
    for (const auto text :
         {sql("DELETE FROM cloud_ids WHERE archived < 0 AND archived = ? AND local_id IS NULL"),
          sql("UPDATE cloud_ids SET archived = 0 WHERE archived < 0 AND archived = ?")})
        db.prepare(text).bind(mark.value).run();
}

}  // namespace memorypro::store::sqlite
