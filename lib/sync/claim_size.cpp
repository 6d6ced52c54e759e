#include "sync/claim_size.hpp"

#include <algorithm>

namespace memorypro::sync {

std::size_t claim_size::lanes(std::size_t concurrency) const {
    return std::max(lanes_, concurrency);
}

void claim_size::learn(const std::vector<store::outbox_lane>& claimed) {
    if (claimed.empty()) return;
    std::size_t entries = 0;
    std::size_t bytes = 1;
    for (const auto& lane : claimed) {
        entries += lane.entries.size();
        for (const auto& entry : lane.entries)
            bytes += entry.memory.what.content.size() + entry.memory.what.metadata_json.size();
    }
    lanes_ =
        std::min(claimed.size() * wanted_entries / entries, claimed.size() * wanted_bytes / bytes);
}

}  // namespace memorypro::sync
