// Numbered events for whoever listens: the newest are kept for replay, a slow reader loses.
//
// Used on the event loop only. Readers hold no queue here, only the number of the last event they
// have seen, so their count and speed cost no memory.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/time.hpp"

namespace memorypro::events {

struct event {
    std::uint64_t id = 0;
    std::string_view name;  // static: "memory.stored"
    std::string data;       // one JSON object
};

class hub {
public:
    // Numbers start at the time in microseconds, so that they also rise over a restart.
    hub(executor, timestamp now, std::size_t most_events = 4096, std::size_t most_bytes = 2 << 20);

    void publish(std::string_view name, std::string data);

    std::uint64_t last_id() const { return next_id_ - 1; }
    // Of the events that are kept; last_id() + 1 when there is none.
    std::uint64_t first_id() const;

    // Those after `id`, oldest first.
    std::vector<event> since(std::uint64_t id, std::size_t limit) const;

    // Until there is an event after `id`, the time is over, or the hub is closed.
    awaitable<> wait(std::uint64_t id, std::chrono::milliseconds at_most);

    void close();
    bool closed() const { return closed_; }

private:
    executor executor_;
    std::deque<event> kept_;
    std::size_t kept_bytes_ = 0;
    std::uint64_t next_id_;
    const std::size_t most_events_;
    const std::size_t most_bytes_;
    std::list<timer> waiting_;
    bool closed_ = false;
};

}  // namespace memorypro::events
