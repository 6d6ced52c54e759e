#include "store/sqlite/idempotency_keys.hpp"

namespace memorypro::store::sqlite {

std::optional<result<accepted>> answer_for_key(connection& db, const idempotency& given,
                                               timestamp now) {
    statement query = db.prepare(
        "SELECT body_digest, memory_id, sync_state FROM idempotency_keys"
        " WHERE key = ? AND created_at >= ? AND memory_id <> ''");
    query.bind(given.key).bind((now - idempotency_keys_kept).time_since_epoch().count());
    if (!query.step()) return std::nullopt;
    if (query.text(0) != given.body_digest)
        return error{errc::conflict, "this Idempotency-Key was used with another body"};
    return accepted{.id = query.text(1),
                    .sync_state = static_cast<sync_state>(query.integer(2)),
                    .created = false,
                    .replayed = true};
}

timestamp begin_key(connection& db, const idempotency& given, timestamp now) {
    {
        statement query = db.prepare(
            "SELECT created_at FROM idempotency_keys"
            " WHERE key = ? AND body_digest = ? AND created_at >= ?");
        query.bind(given.key).bind(given.body_digest);
        query.bind((now - idempotency_keys_kept).time_since_epoch().count());
        if (query.step()) return query.time(0);
    }
    remember_key(db, given, {}, now);
    return now;
}

void remember_key(connection& db, const idempotency& given, const accepted& answer, timestamp now) {
    db.prepare(
          "INSERT OR REPLACE INTO idempotency_keys (key, body_digest, memory_id, sync_state, "
          "created_at)"
          " VALUES (?,?,?,?,?)")
        .bind(given.key)
        .bind(given.body_digest)
        .bind(answer.id)
        .bind(static_cast<std::int64_t>(answer.sync_state))
        .bind(now.time_since_epoch().count())
        .run();
}

bool forget_old_keys(connection& db, timestamp now) {
    db.prepare(
          "DELETE FROM idempotency_keys WHERE key IN"
          " (SELECT key FROM idempotency_keys WHERE created_at < ? LIMIT 500)")
        .bind((now - idempotency_keys_kept).time_since_epoch().count())
        .run();
    return db.changes() > 0;
}

}  // namespace memorypro::store::sqlite
