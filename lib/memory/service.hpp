// The memory service: what an agent asks of its memory, whoever keeps it.
//
// In local mode (no cloud account) the store answers everything.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/ids.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "events/hub.hpp"
#include "memory/body.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

struct recalled {
    store::memory memory;
    double score = 0;
    recall::signals signals;
};

class service {
public:
    service(store::store&, events::hub&, metrics&, const clock&);

    awaitable<result<store::accepted>> store(given_memory, std::optional<store::idempotency>);
    awaitable<result<store::accepted>> sync(given_memory);
    awaitable<result<std::vector<recalled>>> recall(recall_request);

    // All or none of them; see store::import_memories.
    awaitable<result<std::vector<store::imported>>> import(std::vector<given_memory>);

    awaitable<result<store::memory>> get(std::string id);
    awaitable<result<store::memory>> amend(std::string id, store::memory_patch);
    awaitable<result<void>> remove(std::string id);
    awaitable<store::page> list(store::memory_filter, std::optional<std::int64_t> before,
                                std::size_t limit);
    awaitable<std::vector<store::memory>> export_after(std::int64_t seq, std::size_t limit);

private:
    store::new_memory admit(given_memory);
    void announce_stored(const std::string& id);

    store::store& store_;
    events::hub& events_;
    metrics& metrics_;
    const clock& clock_;
    id_generator ids_;
};

}  // namespace memorypro::memory
