// How many lanes to claim at a time: pure.
//
// A claim costs a transaction, so it takes many rows; what is claimed is in memory and leased, so
// it takes not too many. How long the lanes are and how large their memories shows only afterwards.
#pragma once

#include <cstddef>
#include <vector>

#include "store/outbox.hpp"

namespace memorypro::sync {

class claim_size {
public:
    static constexpr std::size_t entries_a_lane = 32;
    static constexpr std::size_t wanted_entries = 256;
    static constexpr std::size_t wanted_bytes = 4 << 20;

    // At least `concurrency`.
    std::size_t lanes(std::size_t concurrency) const;

    void learn(const std::vector<store::outbox_lane>& claimed);

private:
    std::size_t lanes_ = 0;
};

}  // namespace memorypro::sync
