// What the cloud finds out about memories, as it is kept here.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace memorypro::store {

enum class insight_kind {
    lifecycle_recommendation,
    evolution_update,
    memory_insights,
    discovered_action,
    unknown,  // kept as it came
};
enum class insight_source { push, poll, recall };

struct insight {
    std::int64_t id = 0;  // rising
    insight_kind kind = insight_kind::unknown;
    insight_source source = insight_source::push;
    std::string payload_json;  // canonical
    timestamp received_at;
};

}  // namespace memorypro::store
