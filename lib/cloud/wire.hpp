// The cloud's contract (DESIGN §5) between structures and JSON texts: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "store/memory.hpp"

namespace memorypro::cloud {

// Body of memory/store: content metadata session_id agent_id timestamp user_id memory_type, tags
// and priority when given, then the fields that we do not know. `stored_at` stands in for a missing
// event time.
std::string store_body(const store::memory_content&, timestamp stored_at);

// Body of memory/sync: the same and local_memory_id.
std::string sync_body(const store::memory_content&, timestamp stored_at, std::string_view local_id);

struct recall_query {
    std::string query;
    std::size_t count = 5;
    bool weight_recent = true;
    bool weight_responsibilities = true;
    bool auto_queue_actions = true;
    bool evolution_enabled = true;
    store::memory_filter filter;
};

// Body of memory/recall; our filters when given, under their API names.
std::string recall_body(const recall_query&);

// What memory/store and memory/sync answered. nullopt: not what was promised.
struct written {
    std::optional<std::string> memory_id;  // the cloud's; always there for memory/store
    std::string analysis_json = {};        // empty: none
};
std::optional<written> parse_written(std::string_view body, bool id_required);

// A memory of a recall. `memory.id` is the cloud's; sync_state synced. Lenient: a field of a wrong
// type counts as missing.
struct found {
    store::memory memory;
    std::optional<double> score;  // as given, when it is a number
    bool names_session = false;   // whether the answer has the field session_id at all
};

struct recalled {
    std::vector<found> memories;  // in the cloud's order; those without id or content are left out
    std::string actions_json = "[]";
    std::string analysis_json = "{}";
};
std::optional<recalled> parse_recalled(std::string_view body);

}  // namespace memorypro::cloud
