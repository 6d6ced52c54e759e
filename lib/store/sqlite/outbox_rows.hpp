// The outbox's rows and their SQL. Every change keeps the tally true.
//
// All run on the thread that owns the connection; those that change something inside the caller's
// transaction.
#pragma once

#include <optional>
#include <string>

#include "store/outbox.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/tally.hpp"

namespace memorypro::store::sqlite {

// `withdrawn`: taken out of the queue while it was in flight; it waits for its settlement only.
// `set_aside`: taken out of it although an attempt may have arrived; it keeps that attempt's call
// and key until its memory is queued again, and is in no lane.
enum class row_state { pending, in_flight, dead, withdrawn, set_aside };

struct outbox_row {
    std::int64_t id = 0;
    std::int64_t memory_seq = 0;
    std::int64_t scope = 0;
    cloud_call call = cloud_call::store;
    row_state state = row_state::pending;
    int attempts = 0;
    timestamp created_at;
    std::int64_t bytes = 0;
    std::optional<std::string> key = {};
    int key_revision = 0;
    std::optional<std::int64_t> sent_revision = {};
    std::optional<timestamp> next_attempt_at = {};
    std::string last_error = {};

    bool waits() const { return state == row_state::pending || state == row_state::in_flight; }
    bool is_queued() const { return waits() || state == row_state::dead; }
    bool has_lane(const tally& t) const {
        return state != row_state::dead && state != row_state::set_aside && id <= t.sorted_id;
    }
};

// What the cloud tells repeats by: the same on every attempt of a revision, and never used for
// another.
std::string idempotency_key(const outbox_row&, const memory&);

std::optional<outbox_row> find_outbox_row(connection&, std::int64_t id);
std::optional<outbox_row> find_outbox_row_of(connection&, std::int64_t memory_seq);

void insert_outbox_row(connection&, tally&, const outbox_row&);
void update_outbox_row(connection&, tally&, const outbox_row& before, const outbox_row& after);
void delete_outbox_row(connection&, tally&, const outbox_row&);

// As the API shows them: those that are queued.
std::optional<outbox_item> find_outbox_item(connection&, std::int64_t id);
outbox_page list_outbox_items(connection&, std::optional<outbox_state>,
                              std::optional<std::int64_t> after, std::size_t limit);

// The tally of what is there, but for what is counted when first asked for.
tally count_outbox_rows(connection&);
std::optional<timestamp> oldest_waiting(connection&, tally&);

}  // namespace memorypro::store::sqlite
