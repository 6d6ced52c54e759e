#include "store/sqlite/strays.hpp"

#include "store/sqlite/digest.hpp"

namespace memorypro::store::sqlite {
namespace {

// It is stored: it never changes.
digest digest_of_text(const memory_content& what) {
    auto text = what.content + '\0' + format_time(what.time.value_or(timestamp()));
    for (const auto* part : {&what.user_id, &what.agent_id, &what.session_id}) {
        text += '\0';
        if (*part) text += '=' + **part;
    }
    return digest_of(text);
}

}  // namespace

std::int64_t count_strays(connection& db) {
    return db.integer("SELECT count(*) FROM strays");
}

bool is_stray(connection& db, const memory& m) {
    const auto of = digest_of_text(m.what);
    statement query = db.prepare("SELECT 1 FROM strays WHERE high = ? AND low = ?");
    query.bind(of.high).bind(of.low);
    return query.step();
}

void add_stray(connection& db, tally& t, const memory& m) {
    if (m.what.time != m.created_at) return;
    const auto of = digest_of_text(m.what);
    statement added =
        db.prepare("INSERT OR IGNORE INTO strays (high, low) VALUES (?, ?) RETURNING high");
    added.bind(of.high).bind(of.low);
    while (added.step())
        ++t.strays;
}

void forget_stray(connection& db, tally& t, const memory& m) {
    if (t.strays == 0) return;
    const auto of = digest_of_text(m.what);
    statement gone = db.prepare("DELETE FROM strays WHERE high = ? AND low = ? RETURNING high");
    gone.bind(of.high).bind(of.low);
    while (gone.step())
        --t.strays;
}

}  // namespace memorypro::store::sqlite
