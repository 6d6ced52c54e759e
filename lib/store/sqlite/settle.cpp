#include "store/sqlite/changes.hpp"
#include "store/sqlite/claim.hpp"
#include "store/sqlite/cloud_ids.hpp"
#include "store/sqlite/copies.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/outbox.hpp"
#include "store/sqlite/strays.hpp"

namespace memorypro::store::sqlite {
namespace {

// The cloud knows nothing of `archived`: such a memory stays, so that it stays hidden.
void settle_memory(write_side& w, connection& db, const memory& m, after_sync policy) {
    if (policy == after_sync::drop_copy && !m.archived) {
        w.remove(db, m);
        return;
    }
    w.set_sync_state(db, m, sync_state::synced);
    if (policy == after_sync::keep_copy && !m.archived)
        add_copy(db, w.counts(), m.seq, sent_bytes(m.what));
}

void settle_done(write_side& w, connection& db, const outbox_row& row, memory m,
                 const settlement& s, after_sync policy) {
    if (const auto mark = record_cloud_id(db, m.id, s.cloud_id, s.revision))
        m = archive_copy(w, db, m, mark);
    if (!s.cloud_id) forget_stray(db, w.counts(), m);
    const bool changed = m.revision != s.revision;
    if (!changed || !row.is_queued()) {
        delete_row_and_place(w, db, row);
        if (!changed) settle_memory(w, db, m, policy);
        return;
    }
    outbox_row next = row;
    next.call = cloud_call::sync;
    next.attempts = 0;
    next.sent_revision.reset();
    next.next_attempt_at.reset();
    next.last_error.clear();
    if (row.state == row_state::dead) {
        update_outbox_row(db, w.counts(), row, next);
    } else {
        next.state = row_state::pending;
        return_to_lane(w, db, row, next, m);
    }
}

// The outcome of an attempt that ended without success. What was refused has not arrived.
outbox_row after_failure(const outbox_row& row, const settlement& s) {
    outbox_row next = row;
    const bool refused = s.what == settlement::kind::refused;
    if (refused && next.sent_revision && *next.sent_revision >= s.revision)
        next.sent_revision.reset();
    ++next.attempts;
    next.last_error = s.error;
    next.next_attempt_at = s.next_attempt_at;
    next.state = row_state::pending;
    return next;
}

void settle_refused(write_side& w, connection& db, const outbox_row& row, const memory& m,
                    const settlement& s) {
    outbox_row next = after_failure(row, s);
    next.next_attempt_at.reset();
    if (m.revision != s.revision) {
        return_to_lane(w, db, row, next, m);
        return;
    }
    next.state = row_state::dead;
    update_outbox_row(db, w.counts(), row, next);
    leave_lane(db, row.scope, row.id, w.now());
    w.set_sync_state(db, m, sync_state::dead);
}

}  // namespace

std::string settle(write_side& w, connection& db, const settlement& s, after_sync policy) {
    const auto row = find_outbox_row(db, s.id);
    if (!row) {
        // Its memory was removed while it was in flight.
        if (s.what == settlement::kind::done && s.cloud_id) record_tombstone(db, *s.cloud_id);
        return {};
    }
    const auto m = memory_of_row(db, *row);
    if (s.what == settlement::kind::done) {
        settle_done(w, db, *row, m, s, policy);
    } else if (!row->is_queued()) {
        outbox_row next = after_failure(*row, s);
        next.state = row->state;
        update_outbox_row(db, w.counts(), *row, next);
        take_out(w, db, next);
    } else if (row->state != row_state::dead) {
        if (s.what == settlement::kind::retry)
            return_to_lane(w, db, *row, after_failure(*row, s), m);
        else
            settle_refused(w, db, *row, m, s);
    }
    const bool withdrawn = !row->is_queued() && s.what != settlement::kind::done;
    return withdrawn || m.revision != s.revision ? std::string() : m.id;
}

}  // namespace memorypro::store::sqlite
