#include "sync/ready_lanes.hpp"

namespace memorypro::sync {
namespace {

std::size_t bytes_of(const claimed_lane& lane) {
    std::size_t bytes = 0;
    for (const auto& entry : lane.what.entries)
        bytes += entry.memory.what.content.size();
    return bytes;
}

}  // namespace

void ready_lanes::push(claimed_lane lane) {
    entries_ += lane.what.entries.size();
    bytes_ += bytes_of(lane);
    lanes_.push_back(std::move(lane));
}

claimed_lane ready_lanes::pop() {
    auto first = std::move(lanes_.front());
    lanes_.pop_front();
    entries_ -= first.what.entries.size();
    bytes_ -= bytes_of(first);
    return first;
}

std::deque<claimed_lane> ready_lanes::take_all() {
    entries_ = bytes_ = 0;
    return std::exchange(lanes_, {});
}

}  // namespace memorypro::sync
