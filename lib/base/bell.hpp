// Wakes coroutines that wait for news which another part of the program brings about.
//
// Used on the event loop only. No ring is lost: whoever waits says how many it has heard.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>

#include "base/async.hpp"

namespace memorypro {

class bell {
public:
    explicit bell(executor loop) : executor_(std::move(loop)) {}

    void ring();
    std::uint64_t rings() const { return rings_; }

    // Until there are more rings than `heard`, or the time is over.
    awaitable<> wait(std::uint64_t heard, std::chrono::milliseconds at_most);

private:
    executor executor_;
    std::uint64_t rings_ = 0;
    std::list<timer> waiting_;
};

}  // namespace memorypro
