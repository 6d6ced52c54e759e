// The cloud's contract (DESIGN §5) between structures and JSON texts: pure.
//
// Nothing here throws for what a text holds. An answer may be nested a little deeper than what the
// API takes, so that whatever was stored can be recalled. An id of over 1024 bytes counts as
// missing. An answer whose values take more memory than a small multiple of its text is not read.
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
// and priority when given (a medium priority counts as not given), then the fields that we do not
// know. `stored_at` stands in for a missing event time.
std::string store_body(const store::memory_content&, timestamp stored_at);

// Body of memory/sync: the same and local_memory_id, which wins over an unknown field of that name.
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

// Body of memory/recall; our filters when given, under their API names. A metadata condition
// `as_written` is left out, since JSON has no value for "5 or \"5\"": who asks filters the answer.
std::string recall_body(const recall_query&);

// What memory/store and memory/sync answered. nullopt: not a JSON object, or without the id that is
// required.
struct written {
    std::optional<std::string> memory_id;  // the cloud's, not empty; always there for memory/store
    std::string analysis_json = {};        // an object; empty: none
};
std::optional<written> parse_written(std::string_view body, bool id_required);

// A memory of a recall. `memory.id` is the cloud's (memory_id, else id); sync_state synced.
// Lenient: a field of a wrong type counts as missing. A missing event time is when it was created
// and the other way round; without both, 1970. Fields that we do not know are kept.
struct found {
    store::memory memory;
    std::optional<double> score;  // relevance_score, else score; as given, when it is a number
    bool names_session = false;   // whether the answer has the field session_id at all
};

struct recalled {
    std::vector<found> memories;  // in the cloud's order; those without id or content are left out
    std::string actions_json = "[]";
    std::string analysis_json = "{}";
};

// The first `most` memories. nullopt: not a JSON object with an array of memories.
std::optional<recalled> parse_recalled(std::string_view body, std::size_t most);

// What memory/insights answered.
struct insights_document {
    std::string body;           // a JSON object; empty when it is not modified
    std::string etag;           // as sent; empty: none
    bool not_modified = false;  // since the document whose etag was asked with
};

}  // namespace memorypro::cloud
