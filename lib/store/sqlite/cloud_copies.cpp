// Memories that the cloud stored, as this daemon keeps them: changes.hpp, second part.
#include <algorithm>

#include "store/sqlite/changes.hpp"
#include "store/sqlite/cloud_ids.hpp"
#include "store/sqlite/copies.hpp"
#include "store/sqlite/edited.hpp"
#include "store/sqlite/outbox.hpp"
#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {
namespace {

// At once, so that a store does not wait long for its turn.
constexpr std::size_t most_trimmed = 64;
constexpr std::int64_t most_trimmed_bytes = 1 << 20;

// A copy is none any more; the caller makes it one again.
memory renew(write_side& w, connection& db, const memory& before, memory_content what) {
    memory after = before;
    after.what = std::move(what);
    if (!after.what.time) after.what.time = before.what.time;
    if (before.what != after.what) ++after.revision;
    w.replace(db, before, after);
    forget_edit(db, w.counts(), after.seq);
    return after;
}

void add_copy_of(write_side& w, connection& db, const memory& m) {
    add_copy(db, w.counts(), m.seq, sent_bytes(m.what));
}

}  // namespace

void record_synced(write_side& w, connection& db, const std::string& local_id,
                   const std::string& cloud_id, const std::optional<renewal>& newer) {
    auto here = find_by_id(db, local_id);
    const auto archived = record_cloud_id(db, local_id, cloud_id, here ? here->revision : 0);
    if (!here) return;
    if (is_copy(db, here->seq)) {
        w.remove(db, *here);
        return;
    }
    if (archived) here = archive_copy(w, db, *here, archived);
    if (!newer || here->sync_state != sync_state::synced || here->revision != newer->of_revision)
        return;
    const auto after = renew(w, db, *here, newer->what);
    if (!after.archived) add_copy_of(w, db, after);
}

memory archive_copy(write_side& w, connection& db, const memory& m, archive_mark mark) {
    memory after = m;
    if (!after.archived) after.archived = mark;
    w.replace(db, m, after);
    if (const auto known = find_by_local_id(db, m.id)) forget_archived(db, *known);
    return after;
}

void keep_copy(write_side& w, connection& db, new_memory given, const std::string& cloud_id) {
    auto before = find_by_id(db, given.id);
    if (!before) before = find_by_any_id(db, cloud_id);
    if (!before) {
        const auto known = find_by_local_id(db, given.id);
        const int revision = known ? std::max(known->revision, 0) : 0;
        if (record_cloud_id(db, given.id, cloud_id, revision)) return;  // not to be recalled
        const auto stored = w.insert(db, std::move(given), sync_state::synced, revision);
        if (!stored.archived) add_copy_of(w, db, stored);
        return;
    }
    if (const auto mark = record_cloud_id(db, before->id, cloud_id, before->revision))
        before = archive_copy(w, db, *before, mark);
    if (!is_copy(db, before->seq)) return;  // what came here, or was changed here, since is newer
    add_copy_of(w, db, renew(w, db, *before, std::move(given.what)));
}

bool trim_copies(write_side& w, connection& db, std::uint64_t most_bytes) {
    const auto too_many = [&] {
        return static_cast<std::uint64_t>(copy_bytes(db, w.counts())) > most_bytes;
    };
    const std::int64_t before = copy_bytes(db, w.counts());
    for (std::size_t trimmed = 0; trimmed < most_trimmed && too_many(); ++trimmed) {
        const auto seq = oldest_copy(db);
        if (!seq) break;
        const auto m = find_by_seq(db, *seq);
        if (!m) throw std::logic_error("a copy has no memory");
        w.remove(db, *m);
        if (before - copy_bytes(db, w.counts()) >= most_trimmed_bytes) break;
    }
    return too_many();
}

}  // namespace memorypro::store::sqlite
