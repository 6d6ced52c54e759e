#include "store/sqlite/lifecycle.hpp"

#include "store/sqlite/changes.hpp"
#include "store/sqlite/cloud_ids.hpp"
#include "store/sqlite/copies.hpp"
#include "store/sqlite/outbox.hpp"
#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {

void archive(write_side& w, connection& db, const std::string& id, unknown_ids unknown,
             archive_mark mark) {
    const auto m = find_by_any_id(db, id);
    if (!m) {
        record_archived(db, id, unknown, mark);
    } else if (!m->archived) {
        memory_patch hidden;
        hidden.archived = mark;
        amend(w, db, m->id, hidden);
    }
}

void show_archived(write_side& w, connection& db, std::int64_t recommendation) {
    const auto mark = archive_mark::of_recommendation(recommendation);
    memory_patch shown;
    shown.archived = false;
    for (const auto& id : ids_marked(db, mark))
        amend(w, db, id, shown);
    forget_marks(db, mark);
}

// A copy that nothing but the cloud's advice has changed is still one: it goes when there is no
// room for it, and what the cloud gets next is newer.
void prioritize(write_side& w, connection& db, const std::string& id) {
    const auto m = find_by_any_id(db, id);
    if (!m || m->what.priority >= priority::high) return;
    memory_patch raised;
    raised.priority = priority::high;
    const bool copy = is_copy(db, m->seq);
    const auto changed = amend(w, db, m->id, raised);
    if (copy && changed) add_copy(db, w.counts(), changed->seq, sent_bytes(changed->what));
}

std::string why_it_does_nothing(lifecycle_action action, const std::vector<std::string>& ids) {
    if (action == lifecycle_action::other) return "its action is not archive, prioritize or delete";
    if (ids.empty()) return "it names no memories";
    return {};
}

void carry_out(write_side& w, connection& db, std::int64_t recommendation, lifecycle_action action,
               const std::vector<std::string>& ids, unknown_ids unknown) {
    for (const auto& id : ids) {
        switch (action) {
            case lifecycle_action::archive:
                archive(w, db, id, unknown, archive_mark::of_recommendation(recommendation));
                break;
            case lifecycle_action::prioritize:
                prioritize(w, db, id);
                break;
            case lifecycle_action::remove:
                remove(w, db, id, unknown);  // one that is gone already is as wanted
                break;
            case lifecycle_action::other:
                break;
        }
    }
}

}  // namespace memorypro::store::sqlite
