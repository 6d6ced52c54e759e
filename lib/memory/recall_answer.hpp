// What a recall gives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recall/score.hpp"
#include "store/memory.hpp"

namespace memorypro::memory {

struct recalled {
    store::memory memory;
    double score = 0;                        // 0 to 1
    std::optional<recall::signals> signals;  // of what was ranked here; none: the cloud ranked it
};

enum class answered_by { local, cloud, merged };

struct recall_answer {
    std::vector<recalled> memories;  // best first
    answered_by source = answered_by::local;
    bool degraded = false;  // the cloud should have answered and did not
    std::string actions_json = "[]";
    std::string analysis_json = "{}";
};

}  // namespace memorypro::memory
