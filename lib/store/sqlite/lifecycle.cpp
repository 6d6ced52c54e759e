#include "store/sqlite/lifecycle.hpp"

#include <utility>

#include "store/sqlite/changes.hpp"
#include "store/sqlite/cloud_ids.hpp"
#include "store/sqlite/copies.hpp"
#include "store/sqlite/outbox.hpp"

namespace memorypro::store::sqlite {

std::optional<std::string> archive(write_side& w, connection& db, const std::string& id,
                                   unknown_ids unknown) {
    const auto m = find_by_any_id(db, id);
    if (!m) return record_archived(db, id, unknown);
    if (m->archived) return std::nullopt;
    memory_patch hidden;
    hidden.archived = true;
    amend(w, db, m->id, hidden);
    return m->id;
}

void unarchive(write_side& w, connection& db, const std::string& id) {
    forget_archived(db, id);
    const auto m = find_by_any_id(db, id);
    if (!m || !m->archived) return;
    memory_patch shown;
    shown.archived = false;
    amend(w, db, m->id, shown);
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

std::vector<std::string> carry_out(write_side& w, connection& db, lifecycle_action action,
                                   const std::vector<std::string>& ids, unknown_ids unknown) {
    std::vector<std::string> hidden;
    for (const auto& id : ids) {
        switch (action) {
            case lifecycle_action::archive:
                if (auto known_as = archive(w, db, id, unknown))
                    hidden.push_back(std::move(*known_as));
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
    return hidden;
}

}  // namespace memorypro::store::sqlite
