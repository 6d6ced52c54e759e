#include "store/sqlite/lanes.hpp"

#include <algorithm>

namespace memorypro::store::sqlite {
namespace {

std::vector<std::int64_t> integers(statement query) {
    std::vector<std::int64_t> found;
    while (query.step())
        found.push_back(query.integer(0));
    return found;
}

// When the lane's first row is due; the outer nullopt: the lane is empty, the inner: at once.
std::optional<std::optional<timestamp>> first_due(connection& db, std::int64_t scope) {
    statement query = db.prepare(
        "SELECT o.next_attempt_at FROM outbox_lanes AS l CROSS JOIN outbox AS o ON o.id = l.id"
        " WHERE l.scope = ? ORDER BY l.id LIMIT 1");
    query.bind(scope);
    if (!query.step()) return std::nullopt;
    return query.optional_time(0);
}

}  // namespace

// FNV-1a: https://datatracker.ietf.org/doc/draft-eastlake-fnv. It is stored: it never changes.
std::int64_t scope_of(const memory_content& m) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3; };
    for (const auto* part : {&m.user_id, &m.agent_id, &m.session_id}) {
        add(part->has_value() ? 1 : 0);
        if (*part)
            for (const char c : **part)
                add(static_cast<unsigned char>(c));
        add(0xff);  // in no UTF-8
    }
    return static_cast<std::int64_t>(hash);
}

std::int64_t sort_into_lanes(connection& db, std::int64_t sorted_id, std::size_t limit,
                             timestamp now) {
    std::int64_t until = 0;
    {
        statement last = db.prepare(
            "SELECT max(id) FROM (SELECT id FROM outbox WHERE id > ? ORDER BY id LIMIT ?)");
        last.bind(sorted_id).bind(static_cast<std::int64_t>(limit));
        last.step();
        until = last.integer(0);
    }
    if (until == 0) return sorted_id;
    db.prepare(
          "INSERT INTO outbox_lanes (scope, id) SELECT scope, id FROM outbox"
          " WHERE id > ? AND id <= ? AND state <> 4 ORDER BY scope, id")
        .bind(sorted_id)
        .bind(until)
        .run();
    // A time ahead of the clock, which was set back since, does not hold it up.
    db.prepare(
          "INSERT OR IGNORE INTO outbox_scopes (scope, ready_at)"
          " SELECT scope, min(min(created_at), ?) FROM outbox WHERE id > ? AND id <= ?"
          " AND state <> 4 GROUP BY scope")
        .bind(now)
        .bind(sorted_id)
        .bind(until)
        .run();
    db.prepare("UPDATE outbox_state SET sorted_id = ?").bind(until).run();
    return until;
}

bool has_unsorted(connection& db, std::int64_t sorted_id) {
    statement query = db.prepare("SELECT 1 FROM outbox WHERE id > ? LIMIT 1");
    query.bind(sorted_id);
    return query.step();
}

std::vector<ready_scope> ready_scopes(connection& db, timestamp now, std::size_t limit) {
    statement query = db.prepare(
        "SELECT scope, claimed_until IS NOT NULL FROM outbox_scopes WHERE ready_at <= ?"
        " ORDER BY ready_at LIMIT ?");
    query.bind(now).bind(static_cast<std::int64_t>(limit));
    std::vector<ready_scope> found;
    while (query.step())
        found.push_back({.scope = query.integer(0), .claimed = query.integer(1) != 0});
    return found;
}

std::optional<timestamp> first_ready(connection& db) {
    statement query = db.prepare("SELECT ready_at FROM outbox_scopes ORDER BY ready_at LIMIT 1");
    if (!query.step()) return std::nullopt;
    return query.time(0);
}

std::vector<std::int64_t> claimed_scopes(connection& db) {
    return integers(db.prepare("SELECT scope FROM outbox_scopes WHERE claimed_until IS NOT NULL"));
}

std::vector<std::int64_t> first_in_lane(connection& db, std::int64_t scope, std::size_t limit) {
    statement query = db.prepare("SELECT id FROM outbox_lanes WHERE scope = ? ORDER BY id LIMIT ?");
    query.bind(scope).bind(static_cast<std::int64_t>(limit));
    return integers(std::move(query));
}

std::vector<std::int64_t> claimed_in_lane(connection& db, std::int64_t scope) {
    statement query = db.prepare(
        "SELECT id FROM outbox_lanes WHERE scope = ?1 AND id <="
        " (SELECT claimed_until FROM outbox_scopes WHERE scope = ?1) ORDER BY id");
    query.bind(scope);
    return integers(std::move(query));
}

void enter_lane(connection& db, std::int64_t scope, std::int64_t id, timestamp now) {
    db.prepare("INSERT INTO outbox_lanes (scope, id) VALUES (?, ?)").bind(scope).bind(id).run();
    schedule_lane(db, scope, now);
}

void leave_lane(connection& db, std::int64_t scope, std::int64_t id, timestamp now) {
    db.prepare("DELETE FROM outbox_lanes WHERE scope = ? AND id = ?").bind(scope).bind(id).run();
    schedule_lane(db, scope, now);
}

void lease_lane(connection& db, std::int64_t scope, std::int64_t last_id, timestamp until) {
    db.prepare("UPDATE outbox_scopes SET claimed_until = ?, ready_at = ? WHERE scope = ?")
        .bind(last_id)
        .bind(until)
        .bind(scope)
        .run();
}

void free_lane(connection& db, std::int64_t scope, timestamp now) {
    db.prepare("UPDATE outbox_scopes SET claimed_until = NULL WHERE scope = ?").bind(scope).run();
    schedule_lane(db, scope, now);
}

// A lane that is ready keeps its place among those; one that becomes ready goes behind them.
void schedule_lane(connection& db, std::int64_t scope, timestamp now) {
    timestamp ready_at = now;
    {
        statement query = db.prepare(
            "SELECT ready_at, claimed_until IS NOT NULL FROM outbox_scopes WHERE scope = ?");
        query.bind(scope);
        if (query.step()) {
            if (query.integer(1) != 0) return;
            ready_at = std::min(query.time(0), now);
        }
    }
    const auto due = first_due(db, scope);
    if (!due) {
        db.prepare("DELETE FROM outbox_scopes WHERE scope = ?").bind(scope).run();
        return;
    }
    if (*due && **due > now) ready_at = **due;
    db.prepare(
          "INSERT INTO outbox_scopes (scope, ready_at) VALUES (?, ?)"
          " ON CONFLICT (scope) DO UPDATE SET ready_at = excluded.ready_at")
        .bind(scope)
        .bind(ready_at)
        .run();
}

void hasten_lanes(connection& db, timestamp now) {
    db.prepare("UPDATE outbox SET next_attempt_at = NULL WHERE next_attempt_at IS NOT NULL").run();
    db.prepare(
          "UPDATE outbox_scopes SET ready_at = ?1 WHERE ready_at > ?1 AND claimed_until IS NULL")
        .bind(now)
        .run();
}

}  // namespace memorypro::store::sqlite
