#include "store/sqlite/edited.hpp"

namespace memorypro::store::sqlite {

std::int64_t count_edited(connection& db) {
    return db.integer("SELECT count(*) FROM edited");
}

void note_edit(connection& db, tally& t, const memory& before, const memory& after) {
    auto found_alike = before.what;
    found_alike.priority = after.what.priority;
    if (found_alike == after.what) return;
    statement added = db.prepare("INSERT OR IGNORE INTO edited (seq) VALUES (?) RETURNING seq");
    added.bind(after.seq);
    while (added.step())
        ++t.edited;
}

void forget_edit(connection& db, tally& t, std::int64_t seq) {
    if (t.edited == 0) return;
    statement gone = db.prepare("DELETE FROM edited WHERE seq = ? RETURNING seq");
    gone.bind(seq);
    while (gone.step())
        --t.edited;
}

}  // namespace memorypro::store::sqlite
