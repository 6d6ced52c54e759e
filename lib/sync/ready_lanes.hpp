// Lanes that are claimed and not sent yet, first in, first out; and how much they hold.
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "sync/sender.hpp"

namespace memorypro::sync {

class ready_lanes {
public:
    void push(claimed_lane);
    claimed_lane pop();
    std::deque<claimed_lane> take_all();

    bool empty() const { return lanes_.empty(); }
    std::size_t entries() const { return entries_; }
    std::size_t bytes() const { return bytes_; }  // of contents

private:
    std::deque<claimed_lane> lanes_;
    std::size_t entries_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace memorypro::sync
