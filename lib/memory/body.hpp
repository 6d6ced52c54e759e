// The bodies of the memory calls as structures: every wrong field is found before any is used.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "recall/score.hpp"
#include "store/memory.hpp"

namespace memorypro::memory {

// A body of memory/store, of memory/sync, or a line of an import.
struct given_memory {
    store::memory_content what;
    // Absent from a store body. An export line's memory_id, or a sync's local_memory_id.
    std::optional<std::string> id;
    std::optional<timestamp> created_at;  // export lines only
    bool archived = false;                // export lines only
};

enum class body_of { store, sync, import };

// Fields that only answers have (memory_id, created_at, sync_state, …) are taken from an import and
// ignored in a store, so that a recalled memory can be stored as it is.
result<given_memory> parse_memory(const json::object&, body_of, std::size_t most_content_bytes);

result<store::memory_patch> parse_patch(const json::object&, std::size_t most_content_bytes);

inline constexpr std::size_t most_recalled = 1000;

struct recall_request {
    std::string query;
    std::size_t count = 5;
    recall::weights weights;
    bool auto_queue_actions = true;  // the cloud may discover actions, which are kept here
    bool evolution_enabled = true;
    double min_score = 0;
    bool explain = false;
    store::memory_filter filter;
};

result<recall_request> parse_recall(const json::object&);

}  // namespace memorypro::memory
