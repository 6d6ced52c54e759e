// How the embedded store keeps its data.
#pragma once

#include <cstdint>
#include <string>

namespace memorypro::store::sqlite {

// Of the insights of one kind in the log; older ones go.
struct insight_bounds {
    std::int64_t count = 100'000;
    std::int64_t bytes = 64 << 20;  // of their payloads
};

struct options {
    std::string directory;
    bool survive_power_loss = true;  // sync to the disk at each commit
    // How far the indexes may stay behind the commits before stores are slowed to their pace.
    std::int64_t most_unindexed = 100'000;
    std::int64_t most_pages = 0;        // bound of the database file; 0: none
    std::int64_t most_queue_bytes = 0;  // of the memories that wait for the cloud; 0: no bound
    std::int64_t most_inbox_bytes = 256 << 20;  // of the deliveries that wait to be processed
    insight_bounds most_insights = {};
};

}  // namespace memorypro::store::sqlite
