#include "store/sqlite/changes.hpp"

#include "store/sqlite/cloud_ids.hpp"
#include "store/sqlite/outbox.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/strays.hpp"

namespace memorypro::store::sqlite {
namespace {

void apply(const memory_patch& patch, memory& m) {
    if (patch.content) m.what.content = *patch.content;
    if (patch.metadata_json) m.what.metadata_json = *patch.metadata_json;
    if (patch.tags_json) m.what.tags_json = *patch.tags_json;
    if (patch.memory_type) m.what.memory_type = *patch.memory_type;
    if (patch.priority) m.what.priority = *patch.priority;
    if (patch.time) m.what.time = *patch.time;
    if (patch.archived) m.archived = *patch.archived;
}

accepted insert(write_side& w, connection& db, new_memory given, const std::optional<outbound>& how,
                int revision) {
    if (how) w.require_queue_space(sent_bytes(given.what));
    const auto state = how ? sync_state::queued : sync_state::local;
    auto stored = w.insert(db, std::move(given), state, revision);
    if (how) enqueue(w, db, stored, stored.seq, *how);
    return {.id = std::move(stored.id), .sync_state = state};
}

// The cloud may have had a memory under this id: then its keys are used up to there.
int next_revision(const std::optional<cloud_identity>& known) {
    return known ? known->revision + 1 : 0;
}

// What was archived while it was in the cloud only stays so, as a copy would: also where the caller
// names it by the cloud's id. A memory that has another id here keeps its mark: this one says
// nothing for it.
accepted insert_again(write_side& w, connection& db, new_memory given,
                      const std::optional<outbound>& how) {
    const int revision = next_revision(find_by_local_id(db, given.id));
    if (const auto known = find_by_either_id(db, given.id); known && known->archived) {
        if (known->local_id.value_or(given.id) == given.id) forget_archived(db, *known);
        given.archived = known->archived;
    }
    return insert(w, db, std::move(given), how, revision);
}

// Whether the cloud should have what it is now under a new key.
bool is_another(const memory& before, const memory& after, const std::optional<outbox_row>& row,
                const std::optional<outbound>& how) {
    if (before.what != after.what) return true;
    if (!how) return false;
    return row ? row->call != how->call : before.sync_state == sync_state::synced;
}

// What it was may have arrived, or did, without an id that the cloud told. What it will be is told
// from that by the id of the cloud's, or by what it says.
void leave_stray(write_side& w, connection& db, const memory& before, const memory& after,
                 const std::optional<outbox_row>& row) {
    if (before.revision == after.revision) return;
    if (row && row->sent_revision) return add_stray(db, w.counts(), before);
    if (before.sync_state != sync_state::synced || before.what.content == after.what.content)
        return;
    const auto known = find_by_local_id(db, before.id);
    if (!known || !known->cloud_id) add_stray(db, w.counts(), before);
}

}  // namespace

error no_such_memory() {
    return {errc::not_found, "no memory has this id"};
}

accepted accept(write_side& w, connection& db, new_memory given,
                const std::optional<outbound>& how) {
    return insert(w, db, std::move(given), how, 0);
}

accepted upsert(write_side& w, connection& db, new_memory given,
                const std::optional<outbound>& how) {
    const auto before = find_by_any_id(db, given.id);
    if (!before) return insert_again(w, db, std::move(given), how);

    memory after = *before;
    after.what = std::move(given.what);
    if (!after.what.time) after.what.time = before->what.time;
    const auto row = find_outbox_row_of(db, before->seq);
    const bool another = is_another(*before, after, row, how);
    if (another) ++after.revision;
    if (how) w.require_queue_space(sent_bytes(after.what) - (row && row->waits() ? row->bytes : 0));
    if (row) {
        after.sync_state = follow(w, db, *row, after, how);
    } else if (how) {
        after.sync_state = sync_state::queued;
        enqueue(w, db, after, w.next_id(), *how);
    } else if (another && after.sync_state == sync_state::synced) {
        after.sync_state = sync_state::local;  // the cloud has what it was
    }
    leave_stray(w, db, *before, after, row);
    w.replace(db, *before, after);
    return {.id = after.id, .sync_state = after.sync_state, .created = false};
}

imported import_one(write_side& w, connection& db, new_memory given,
                    const std::optional<outbound>& how) {
    if (find_by_any_id(db, given.id)) return imported::duplicate;
    const auto known = find_by_either_id(db, given.id);
    if (known && !known->deleted) return imported::duplicate;
    const int revision = next_revision(find_by_local_id(db, given.id));
    insert(w, db, std::move(given), how, revision);
    return imported::created;
}

result<memory> amend(write_side& w, connection& db, const std::string& id,
                     const memory_patch& patch) {
    const auto before = find_by_any_id(db, id);
    if (!before) return no_such_memory();
    memory after = *before;
    apply(patch, after);
    if (before->what != after.what) ++after.revision;
    const auto row = find_outbox_row_of(db, before->seq);
    if (row && row->waits()) w.require_queue_space(sent_bytes(after.what) - row->bytes);
    if (row) follow(w, db, *row, after, {});
    leave_stray(w, db, *before, after, row);
    w.replace(db, *before, after);
    return after;
}

result<cloud_copy> remove(write_side& w, connection& db, const std::string& id,
                          unknown_ids unknown) {
    const auto m = find_by_any_id(db, id);
    if (!m) {
        const auto known = find_by_either_id(db, id);
        if (known ? known->deleted : unknown == unknown_ids::are_errors) return no_such_memory();
        if (known)
            delete_identity(db, *known);
        else
            record_tombstone(db, id);
        return cloud_copy::retained;
    }
    const auto row = find_outbox_row_of(db, m->seq);
    const auto known = find_by_local_id(db, m->id);
    const bool sent = (known && known->revision != never_sent) || (row && row->sent_revision);
    // Where unknown ids are the cloud's, one that was removed is not unknown.
    if (sent || unknown == unknown_ids::are_the_clouds)
        record_deleted(db, m->id, sent ? m->revision : never_sent);
    if ((row && row->sent_revision) || (sent && (!known || !known->cloud_id)))
        add_stray(db, w.counts(), *m);
    if (row) delete_row_and_place(w, db, *row);
    w.remove(db, *m);
    return sent ? cloud_copy::retained : cloud_copy::none;
}

}  // namespace memorypro::store::sqlite
