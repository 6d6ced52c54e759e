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
    if (m.what.time != m.created_at || is_stray(db, m)) return;
    const auto of = digest_of_text(m.what);
    db.prepare("INSERT INTO strays (high, low) VALUES (?, ?)").bind(of.high).bind(of.low).run();
    ++t.strays;
}

void forget_stray(connection& db, tally& t, const memory& m) {
    if (t.strays == 0 || !is_stray(db, m)) return;
    const auto of = digest_of_text(m.what);
    db.prepare("DELETE FROM strays WHERE high = ? AND low = ?").bind(of.high).bind(of.low).run();
    --t.strays;
}

}  // namespace memorypro::store::sqlite
