#include "store/sqlite/outbox.hpp"

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "store/sqlite/cloud_ids.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {
namespace {

// At once, so that a store does not wait long for its turn.
constexpr std::int64_t most_looked_at = 10'000;
constexpr std::size_t most_queued = 500;
constexpr std::int64_t most_queued_bytes = 4 << 20;

// The key of a first attempt is the row's, and what it sent may have arrived.
void take_key(outbox_row& row, const memory& m, const outbound& how) {
    if (how.idempotency_key.empty()) return;
    row.sent_revision = m.revision;
    row.key.reset();
    row.key_revision = 0;
    if (how.idempotency_key == idempotency_key(row, m)) return;
    row.key = how.idempotency_key;
    row.key_revision = m.revision;
}

// An id that a caller gave may stand for another text on another host of the account: as a key it
// gets with it what is sent at first, and by which call.
std::string key_of_given_id(const memory& m, cloud_call call) {
    std::string all = std::to_string(static_cast<int>(call));
    const auto add = [&all](std::string_view part) { all.append(part).append(1, '\0'); };
    const auto& what = m.what;
    for (const auto* part : {&m.id, &what.content, &what.metadata_json, &what.tags_json,
                             &what.extra_json, &what.memory_type})
        add(*part);
    for (const auto* part : {&what.user_id, &what.agent_id, &what.session_id})
        add(part->value_or(""));
    add(std::to_string(static_cast<int>(what.priority)));
    add(format_time(what.time.value_or(m.created_at)));
    return sha256_hex(all);
}

}  // namespace

memory memory_of_row(connection& db, const outbox_row& row) {
    auto found = find_by_seq(db, row.memory_seq);
    if (!found) throw std::logic_error("a row of the outbox has no memory");
    return std::move(*found);
}

std::int64_t sent_bytes(const memory_content& m) {
    return static_cast<std::int64_t>(m.content.size() + m.metadata_json.size() +
                                     m.tags_json.size() + m.extra_json.size());
}

void enqueue(write_side& w, connection& db, const memory& m, std::int64_t id, const outbound& how) {
    outbox_row row{.id = id,
                   .memory_seq = m.seq,
                   .scope = scope_of(m.what),
                   .call = how.call,
                   .created_at = w.now(),
                   .bytes = sent_bytes(m.what)};
    take_key(row, m, how);
    if (how.idempotency_key.empty() && !is_uuid(m.id)) row.key = key_of_given_id(m, how.call);
    insert_outbox_row(db, w.counts(), row);
}

sync_state follow(write_side& w, connection& db, const outbox_row& row, const memory& after,
                  const std::optional<outbound>& again) {
    outbox_row next = row;
    next.bytes = sent_bytes(after.what);
    if (again) {
        next.call = again->call;
        take_key(next, after, *again);
        if (row.state == row_state::withdrawn) next.state = row_state::in_flight;
        if (row.state == row_state::dead || row.state == row_state::set_aside) {
            next.state = row_state::pending;
            next.last_error.clear();
        }
    }
    if (row.state == row_state::pending) {
        return_to_lane(w, db, row, next, after);
    } else if (again && next.state == row_state::pending) {
        next.scope = scope_of(after.what);
        update_outbox_row(db, w.counts(), row, next);
        if (next.has_lane(w.counts())) enter_lane(db, next.scope, next.id, w.now());
    } else {
        update_outbox_row(db, w.counts(), row, next);  // what is in flight stays in its lane
    }
    if (again) return sync_state::queued;
    return after.sync_state;
}

void return_to_lane(write_side& w, connection& db, const outbox_row& before, outbox_row after,
                    const memory& m) {
    after.scope = scope_of(m.what);
    update_outbox_row(db, w.counts(), before, after);
    if (!before.has_lane(w.counts())) return;
    if (after.scope != before.scope) {
        leave_lane(db, before.scope, before.id, w.now());
        enter_lane(db, after.scope, after.id, w.now());
    } else {
        schedule_lane(db, after.scope, w.now());
    }
}

void delete_row_and_place(write_side& w, connection& db, const outbox_row& row) {
    delete_outbox_row(db, w.counts(), row);
    if (row.has_lane(w.counts())) leave_lane(db, row.scope, row.id, w.now());
}

void take_out(write_side& w, connection& db, const outbox_row& row) {
    if (!row.sent_revision) {
        delete_row_and_place(w, db, row);
        return;
    }
    outbox_row next = row;
    next.state = row_state::set_aside;
    next.next_attempt_at.reset();
    update_outbox_row(db, w.counts(), row, next);
    if (row.has_lane(w.counts())) leave_lane(db, row.scope, row.id, w.now());
}

error no_such_item() {
    return {errc::not_found, "no item of the queue has this id"};
}

result<outbox_item> retry(write_side& w, connection& db, std::int64_t id) {
    const auto row = find_outbox_row(db, id);
    if (!row || !row->is_queued()) return no_such_item();
    outbox_row next = *row;
    next.next_attempt_at.reset();
    const auto m = memory_of_row(db, *row);
    if (row->state == row_state::pending) return_to_lane(w, db, *row, next, m);
    if (row->state == row_state::dead) {
        w.require_queue_space(row->bytes);
        next.state = row_state::pending;
        next.scope = scope_of(m.what);
        update_outbox_row(db, w.counts(), *row, next);
        enter_lane(db, next.scope, id, w.now());
        w.set_sync_state(db, m, sync_state::queued);
    }
    return *find_outbox_item(db, id);
}

result<void> withdraw(write_side& w, connection& db, std::int64_t id) {
    const auto row = find_outbox_row(db, id);
    if (!row || !row->is_queued()) return no_such_item();
    const auto m = memory_of_row(db, *row);
    w.set_sync_state(db, m, sync_state::local);
    if (row->sent_revision) record_sent(db, m.id, m.revision);
    if (row->state == row_state::in_flight) {
        outbox_row next = *row;
        next.state = row_state::withdrawn;
        update_outbox_row(db, w.counts(), *row, next);
    } else {
        take_out(w, db, *row);
    }
    return {};
}

locals_progress queue_some_locals(write_side& w, connection& db, cloud_call call,
                                  std::size_t limit) {
    const std::int64_t after = w.counts().locals_after;
    const std::int64_t until = std::min(after + most_looked_at, w.last_seq());
    statement query = db.prepare(
        "SELECT seq FROM memories WHERE seq > ? AND seq <= ? AND sync_state = 0 ORDER BY seq"
        " LIMIT ?");
    query.bind(after).bind(until).bind(static_cast<std::int64_t>(std::min(limit, most_queued)));
    std::vector<std::int64_t> found;
    while (query.step())
        found.push_back(query.integer(0));

    locals_progress done;
    std::int64_t bytes = 0;
    for (const auto seq : found) {
        const auto m = find_by_seq(db, seq);
        if (!m) throw std::logic_error("a row vanished within a transaction");
        if (done.queued == 0) w.require_queue_space(sent_bytes(m->what));
        bytes += sent_bytes(m->what);
        if (bytes > most_queued_bytes && done.queued > 0) return done;
        if (!w.has_queue_space(sent_bytes(m->what))) {
            done.complete = true;
            return done;
        }
        if (const auto before = find_outbox_row_of(db, seq)) {
            follow(w, db, *before, *m, outbound{.call = before->call});  // the same request
        } else {
            enqueue(w, db, *m, w.next_id(), {.call = call});
        }
        w.set_sync_state(db, *m, sync_state::queued);
        w.counts().locals_after = seq;
        ++done.queued;
    }
    if (found.size() < std::min(limit, most_queued)) w.counts().locals_after = until;
    done.complete = w.counts().locals_after >= w.last_seq();
    return done;
}

}  // namespace memorypro::store::sqlite
