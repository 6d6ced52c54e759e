// What waits for the cloud: one row for each memory that it does not have, or not in this shape.
//
// Rows of one scope (user, agent, session) go in the order of their ids; a lane is one scope's rows
// that a worker has claimed. A claim is a lease: when it is over, the rows are free again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/memory.hpp"

namespace memorypro::store {

enum class cloud_call { store, sync };  // memory/store, memory/sync
enum class outbox_state { pending, in_flight, dead };

// How a memory that is being accepted goes to the cloud.
struct outbound {
    cloud_call call = cloud_call::store;
    // Of the first attempt, when one was made: its outcome may be unknown. Empty: made of the
    // memory.
    std::string idempotency_key = {};
};

struct outbox_item {
    std::int64_t id = 0;
    std::string memory_id;
    cloud_call call = cloud_call::store;
    outbox_state state = outbox_state::pending;
    int attempts = 0;                          // that have ended
    std::optional<timestamp> next_attempt_at;  // nullopt: dead
    std::string last_error;                    // empty: none
    timestamp created_at;
};

struct outbox_page {
    std::vector<outbox_item> items;
    std::optional<std::int64_t> next;
    std::int64_t total = 0;
};

// One row to send: the memory as it was when it was claimed.
struct outbox_entry {
    std::int64_t id = 0;
    int revision = 0;  // changes with the memory: what is sent may be out of date when it arrives
    cloud_call call = cloud_call::store;
    std::string idempotency_key;  // the same on every attempt of a revision
    int attempts = 0;
    store::memory memory;
};

struct outbox_lane {
    std::int64_t scope = 0;
    std::vector<outbox_entry> entries;  // in their order; never empty
};

struct claim_limits {
    std::size_t lanes = 1;
    std::size_t entries_a_lane = 32;  // fewer when they are large, at least one
    std::chrono::seconds lease{120};
    // Of all lanes together: the lane that reaches one of them is the last.
    std::size_t most_entries = 1024;
    std::size_t most_bytes = 16 << 20;
};

struct claimed_outbox {
    std::vector<outbox_lane> lanes;
    // When nothing could be claimed: when the next row will be due; nullopt: none waits.
    std::optional<timestamp> next_due;
};

// What became of one entry.
struct settlement {
    enum class kind { done, retry, refused };
    std::int64_t id = 0;
    int revision = 0;
    kind what = kind::done;
    std::optional<std::string> cloud_id = {};       // done: when the cloud gave one
    std::string error = {};                         // retry, refused
    std::optional<timestamp> next_attempt_at = {};  // retry
};

// What stays of a memory once the cloud has it: the memory, which is never trimmed; a copy for
// recall without the cloud; nothing but its ids.
enum class after_sync { keep_memory, keep_copy, drop_copy };

struct settled {
    // For each settlement, in their order: the memory's local id; empty when it says nothing of
    // what the memory is now, which is gone, withdrawn from the queue, or has changed since.
    std::vector<std::string> memory_ids;
};

struct outbox_totals {
    std::int64_t pending = 0;
    std::int64_t in_flight = 0;
    std::int64_t dead = 0;
    std::int64_t bytes = 0;           // of the memories that are pending or in flight
    std::optional<timestamp> oldest;  // when the oldest of those was queued
};

}  // namespace memorypro::store
