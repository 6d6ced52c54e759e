#include "store/sqlite/outbox_rows.hpp"

#include <algorithm>

namespace memorypro::store::sqlite {
namespace {

#define OUTBOX_COLUMNS                                                                        \
    "o.id, o.memory_seq, o.scope, o.call, o.state, o.attempts, o.created_at, o.bytes, o.key," \
    " o.key_revision, o.sent_revision, o.next_attempt_at, o.last_error"

outbox_row read_row(const statement& row) {
    return {.id = row.integer(0),
            .memory_seq = row.integer(1),
            .scope = row.integer(2),
            .call = static_cast<cloud_call>(row.integer(3)),
            .state = static_cast<row_state>(row.integer(4)),
            .attempts = static_cast<int>(row.integer(5)),
            .created_at = row.time(6),
            .bytes = row.integer(7),
            .key = row.optional_text(8),
            .key_revision = static_cast<int>(row.integer(9)),
            .sent_revision = row.optional_integer(10),
            .next_attempt_at = row.optional_time(11),
            .last_error = row.text(12)};
}

std::optional<outbox_row> read_outbox_row(statement query) {
    if (!query.step()) return std::nullopt;
    return read_row(query);
}

// With the memory's id as the column after those of the row.
outbox_item read_item(const statement& row) {
    auto r = read_row(row);
    outbox_item item{.id = r.id,
                     .memory_id = row.text(13),
                     .call = r.call,
                     .state = static_cast<outbox_state>(r.state),
                     .attempts = r.attempts,
                     .next_attempt_at = {},
                     .last_error = std::move(r.last_error),
                     .created_at = r.created_at};
    if (r.state != row_state::dead) item.next_attempt_at = r.next_attempt_at.value_or(r.created_at);
    return item;
}

void count(tally& t, const outbox_row& row, std::int64_t sign) {
    switch (row.state) {
        case row_state::pending:
            t.pending += sign;
            break;
        case row_state::in_flight:
            t.in_flight += sign;
            break;
        case row_state::dead:
            t.dead += sign;
            break;
        case row_state::withdrawn:
        case row_state::set_aside:
            break;
    }
    if (row.waits()) t.queued_bytes += sign * row.bytes;
}

void count_in(tally& t, const outbox_row& row) {
    count(t, row, 1);
    if (row.waits()) t.oldest_id = std::min(t.oldest_id, row.id);
}

}  // namespace

std::string idempotency_key(const outbox_row& row, const memory& m) {
    const std::string& first = row.key ? *row.key : m.id;
    return m.revision == row.key_revision ? first : first + ':' + std::to_string(m.revision);
}

std::optional<outbox_row> find_outbox_row(connection& db, std::int64_t id) {
    statement query = db.prepare("SELECT " OUTBOX_COLUMNS " FROM outbox AS o WHERE o.id = ?");
    query.bind(id);
    return read_outbox_row(std::move(query));
}

std::optional<outbox_row> find_outbox_row_of(connection& db, std::int64_t memory_seq) {
    auto same = find_outbox_row(db, memory_seq);
    if (same && same->memory_seq == memory_seq) return same;
    statement query =
        db.prepare("SELECT " OUTBOX_COLUMNS
                   " FROM outbox AS o WHERE o.memory_seq = ? AND o.memory_seq <> o.id");
    query.bind(memory_seq);
    return read_outbox_row(std::move(query));
}

void insert_outbox_row(connection& db, tally& t, const outbox_row& row) {
    db.prepare(
          "INSERT INTO outbox (id, memory_seq, scope, call, state, attempts, created_at, bytes, "
          "key,"
          " key_revision, sent_revision) VALUES (?,?,?,?,?,?,?,?,?,?,?)")
        .bind(row.id)
        .bind(row.memory_seq)
        .bind(row.scope)
        .bind(static_cast<std::int64_t>(row.call))
        .bind(static_cast<std::int64_t>(row.state))
        .bind(std::int64_t{row.attempts})
        .bind(row.created_at)
        .bind(row.bytes)
        .bind(row.key)
        .bind(std::int64_t{row.key_revision})
        .bind(row.sent_revision)
        .run();
    count_in(t, row);
}

void update_outbox_row(connection& db, tally& t, const outbox_row& before,
                       const outbox_row& after) {
    db.prepare(
          "UPDATE outbox SET scope = ?, call = ?, state = ?, attempts = ?, bytes = ?, key = ?,"
          " key_revision = ?, sent_revision = ?, next_attempt_at = ?, last_error = ? WHERE id = ?")
        .bind(after.scope)
        .bind(static_cast<std::int64_t>(after.call))
        .bind(static_cast<std::int64_t>(after.state))
        .bind(std::int64_t{after.attempts})
        .bind(after.bytes)
        .bind(after.key)
        .bind(std::int64_t{after.key_revision})
        .bind(after.sent_revision)
        .bind(after.next_attempt_at)
        .bind_json(after.last_error)
        .bind(after.id)
        .run();
    count(t, before, -1);
    count_in(t, after);
}

void delete_outbox_row(connection& db, tally& t, const outbox_row& row) {
    db.prepare("DELETE FROM outbox WHERE id = ?").bind(row.id).run();
    count(t, row, -1);
}

std::optional<outbox_item> find_outbox_item(connection& db, std::int64_t id) {
    statement query =
        db.prepare("SELECT " OUTBOX_COLUMNS
                   ", m.id FROM outbox AS o JOIN memories AS m ON m.seq = o.memory_seq"
                   " WHERE o.id = ? AND o.state < 3");
    query.bind(id);
    if (!query.step()) return std::nullopt;
    return read_item(query);
}

outbox_page list_outbox_items(connection& db, std::optional<outbox_state> wanted,
                              std::optional<std::int64_t> after, std::size_t limit) {
#define LIST_OUTBOX(condition)                         \
    "SELECT " OUTBOX_COLUMNS                           \
    ", m.id FROM outbox AS o CROSS JOIN memories AS m" \
    " ON m.seq = o.memory_seq WHERE " condition " AND o.id > ? ORDER BY o.id LIMIT ?"
    const bool all = !wanted;
    const bool pending = wanted == outbox_state::pending;
    const sql list = all       ? sql(LIST_OUTBOX("o.state < 3"))
                     : pending ? sql(LIST_OUTBOX("o.state = 0"))
                               : sql(LIST_OUTBOX("o.state <> 0 AND o.state = ?"));
#undef LIST_OUTBOX
    const sql total = all       ? sql("SELECT count(*) FROM outbox WHERE state < 3")
                      : pending ? sql("SELECT count(*) FROM outbox WHERE state = 0")
                                : sql("SELECT count(*) FROM outbox WHERE state <> 0 AND state = ?");
    outbox_page page;
    statement query = db.prepare(list);
    statement counted = db.prepare(total);
    if (!all && !pending) {
        query.bind(static_cast<std::int64_t>(*wanted));
        counted.bind(static_cast<std::int64_t>(*wanted));
    }
    if (counted.step()) page.total = counted.integer(0);
    // One row more than asked for tells whether there is a page after this one.
    query.bind(after.value_or(0)).bind(static_cast<std::int64_t>(limit) + 1);
    while (query.step()) {
        if (page.items.size() == limit) {
            page.next = page.items.back().id;
            break;
        }
        page.items.push_back(read_item(query));
    }
    return page;
}

tally count_outbox_rows(connection& db) {
    tally t;
    statement query = db.prepare("SELECT state, count(*), sum(bytes) FROM outbox GROUP BY state");
    while (query.step()) {
        const auto state = static_cast<row_state>(query.integer(0));
        if (state == row_state::pending) t.pending = query.integer(1);
        if (state == row_state::in_flight) t.in_flight = query.integer(1);
        if (state == row_state::dead) t.dead = query.integer(1);
        if (state == row_state::pending || state == row_state::in_flight)
            t.queued_bytes += query.integer(2);
    }
    t.sorted_id = db.integer("SELECT sorted_id FROM outbox_state");
    return t;
}

std::optional<timestamp> oldest_waiting(connection& db, tally& t) {
    if (t.pending + t.in_flight == 0) return std::nullopt;
    statement query = db.prepare(
        "SELECT id, created_at FROM outbox WHERE id >= ? AND state < 2 ORDER BY id LIMIT 1");
    query.bind(t.oldest_id);
    if (!query.step()) return std::nullopt;
    t.oldest_id = query.integer(0);
    return query.time(1);
}

}  // namespace memorypro::store::sqlite
