// The outbox as the writer changes it: rows, lanes, memories and the cloud's ids together.
//
// For jobs of the writer, within their savepoint.
#pragma once

#include <optional>

#include "store/sqlite/outbox_rows.hpp"
#include "store/sqlite/write_side.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

memory memory_of_row(connection&, const outbox_row&);

// What is sent of a memory, and counts against the queue's bound.
std::int64_t sent_bytes(const memory_content&);

// A row for a memory that has none; `id` is the memory's seq, or one above every row's.
void enqueue(write_side&, connection&, const memory&, std::int64_t id, const outbound&);

// The row follows its memory, which is another now; with `again` the memory goes (again) as that
// says. Returns the memory's new sync state.
sync_state follow(write_side&, connection&, const outbox_row&, const memory& after,
                  const std::optional<outbound>& again);

// With its place in the lane.
void delete_row_and_place(write_side&, connection&, const outbox_row&);

// A row is not queued any more: it goes, or is set aside when an attempt may have arrived.
void take_out(write_side&, connection&, const outbox_row&);

// A row is pending (again), `after` as the caller wants it; it moves when its memory's scope has
// changed since.
void return_to_lane(write_side&, connection&, const outbox_row& before, outbox_row after,
                    const memory&);

error no_such_item();
result<outbox_item> retry(write_side&, connection&, std::int64_t id);
result<void> withdraw(write_side&, connection&, std::int64_t id);

// Queues some of the local memories, oldest first, up to `limit`.
struct locals_progress {
    std::int64_t queued = 0;
    bool complete = false;  // there are no more, or no space for the next
};
locals_progress queue_some_locals(write_side&, connection&, cloud_call, std::size_t limit);

}  // namespace memorypro::store::sqlite
