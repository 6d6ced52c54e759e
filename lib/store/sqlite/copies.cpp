#include "store/sqlite/copies.hpp"

namespace memorypro::store::sqlite {

void add_copy(connection& db, tally& t, std::int64_t seq, std::int64_t bytes) {
    db.prepare("INSERT INTO copies (seq, bytes) VALUES (?, ?)").bind(seq).bind(bytes).run();
    if (t.copy_bytes) *t.copy_bytes += bytes;
}

bool is_copy(connection& db, std::int64_t seq) {
    statement query = db.prepare("SELECT 1 FROM copies WHERE seq = ?");
    query.bind(seq);
    return query.step();
}

void forget_copy(connection& db, tally& t, std::int64_t seq) {
    statement gone = db.prepare("DELETE FROM copies WHERE seq = ? RETURNING bytes");
    gone.bind(seq);
    while (gone.step())
        if (t.copy_bytes) *t.copy_bytes -= gone.integer(0);
}

std::optional<std::int64_t> oldest_copy(connection& db) {
    statement query = db.prepare("SELECT seq FROM copies ORDER BY seq LIMIT 1");
    if (!query.step()) return std::nullopt;
    return query.integer(0);
}

std::int64_t copy_bytes(connection& db, tally& t) {
    if (!t.copy_bytes) t.copy_bytes = db.integer("SELECT sum(bytes) FROM copies");
    return *t.copy_bytes;
}

}  // namespace memorypro::store::sqlite
