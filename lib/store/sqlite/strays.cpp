#include "store/sqlite/strays.hpp"

#include "store/sqlite/digest.hpp"
#include "store/sqlite/lanes.hpp"

namespace memorypro::store::sqlite {
namespace {

// It is stored: it never changes.
digest digest_of_text(const memory_content& what, timestamp stored_at) {
    return digest_of(what.content + '\0' + format_time(what.time.value_or(stored_at)) + '\0' +
                     std::to_string(scope_of(what)));
}

}  // namespace

std::int64_t count_strays(connection& db) {
    return db.integer("SELECT count(*) FROM strays");
}

bool is_stray(connection& db, const memory& m) {
    const auto of = digest_of_text(m.what, m.created_at);
    statement query = db.prepare("SELECT 1 FROM strays WHERE high = ? AND low = ?");
    query.bind(of.high).bind(of.low);
    return query.step();
}

void add_stray(connection& db, tally& t, const memory& m) {
    if (is_stray(db, m)) return;
    const auto of = digest_of_text(m.what, m.created_at);
    db.prepare("INSERT INTO strays (high, low) VALUES (?, ?)").bind(of.high).bind(of.low).run();
    ++t.strays;
}

void forget_stray(connection& db, tally& t, const memory_content& what, timestamp stored_at) {
    if (t.strays == 0) return;
    const auto of = digest_of_text(what, stored_at);
    statement gone = db.prepare("DELETE FROM strays WHERE high = ? AND low = ? RETURNING high");
    gone.bind(of.high).bind(of.low);
    while (gone.step())
        --t.strays;
}

}  // namespace memorypro::store::sqlite
