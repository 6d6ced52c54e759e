// What the cloud finds out about memories, as it comes in and as it is kept here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "store/memory.hpp"

namespace memorypro::store {

// A webhook delivery whose signature was right, as it came.
struct delivery {
    std::string id;    // webhook-id, else the body's hash: a repeat has the same
    std::string body;  // a JSON object
    timestamp received_at;
};

enum class insight_kind {
    lifecycle_recommendation,
    evolution_update,
    memory_insights,
    discovered_action,
    unknown,  // kept as it came
};
enum class insight_source { push, poll, recall };

enum class recommendation_status { pending, applied, dismissed };
enum class action_status { pending, in_progress, completed, failed, cancelled };

// What a recommendation asks for; others are kept and shown, and cannot be applied.
enum class lifecycle_action { archive, prioritize, remove, other };

// An item to record. `digest` is of kind and payload: the same item again, from whatever source, is
// recorded, applied and announced once.
struct new_insight {
    insight_kind kind = insight_kind::unknown;
    std::string payload_json;                // canonical
    std::array<unsigned char, 32> digest{};  // SHA-256
    bool enabled = true;                     // its feature is on; else it is only logged

    std::vector<std::string> memory_ids;  // that it is about, local or the cloud's
    // Of a lifecycle recommendation:
    lifecycle_action action = lifecycle_action::other;
    std::string action_name;  // as the cloud wrote it
    std::string reason;
    // Of a discovered action:
    std::string type;
    std::string title;
    std::string description;
    store::priority priority = priority::medium;
    // Of an evolution update: the text to find it by, and whose memories it was learned of, where
    // the cloud says so.
    std::string text;
    std::optional<std::string> user_id;
};

struct insight {
    std::int64_t id = 0;  // rising
    insight_kind kind = insight_kind::unknown;
    insight_source source = insight_source::push;
    std::string payload_json;
    timestamp received_at;
};

struct recommendation {
    std::int64_t id = 0;  // its insight's
    std::string action;
    std::vector<std::string> memory_ids;
    std::string reason;
    recommendation_status status = recommendation_status::pending;
    insight_source source = insight_source::push;
    timestamp received_at;
};

// What a decision about a recommendation came to.
struct decision {
    store::recommendation recommendation;
    bool is_new = true;  // false: it was decided so before, and nothing was done
};

struct action {
    std::int64_t id = 0;  // its insight's
    std::string type;
    std::string title;
    std::string description;
    store::priority priority = priority::medium;
    action_status status = action_status::pending;
    std::optional<std::string> memory_id;
    insight_source source = insight_source::push;
    timestamp created_at;
    timestamp updated_at;
};

// An evolution update that answers a query, and the memories that it cites.
struct evolution_match {
    store::insight insight;
    std::vector<std::string> memory_ids;
    std::optional<std::string> user_id;
    double score = 0;  // 0 to 1: the share of the query's information that its text holds
};

// What recording an item came to.
struct recorded {
    store::insight insight;
    bool is_new = false;  // false: known, nothing was done
    std::optional<store::recommendation> recommendation;
    std::optional<store::action> action;
};

template <class T>
struct listing {
    std::vector<T> items;
    std::optional<std::int64_t> next;  // the cursor of the page after; none: this was the last
    std::int64_t total = 0;
};

}  // namespace memorypro::store
