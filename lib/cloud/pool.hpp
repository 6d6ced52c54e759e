// The bound on connections, and those that are kept alive: the one used last is used first, so
// that those too many grow old. Who finds all in use waits in line.
//
// Used on the loop.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "cloud/call_scope.hpp"
#include "cloud/connection.hpp"

namespace memorypro::cloud {

class pool : public std::enable_shared_from_this<pool> {
public:
    // The right to one connection, given back at the end of its life.
    class lease {
    public:
        lease(std::shared_ptr<pool> from, std::unique_ptr<cloud::connection> kept)
            : connection(std::move(kept)), pool_(std::move(from)) {}
        ~lease();
        lease(lease&&) = default;
        lease& operator=(lease&&) = delete;

        std::unique_ptr<cloud::connection> connection;  // null: make one
        bool reusable = false;  // at the end: whether the connection can be used again

    private:
        std::shared_ptr<pool> pool_;
    };

    pool(executor, std::size_t bound, std::chrono::milliseconds idle_time);

    // nullopt: the scope ended before it was this one's turn.
    awaitable<std::optional<lease>> acquire(call_scope&);

    // Closes what is idle; nothing is kept from now on.
    void stop();

    std::size_t size() const { return leased_ + idle_.size(); }

private:
    using time_point = std::chrono::steady_clock::time_point;
    struct resting {
        std::unique_ptr<cloud::connection> connection;
        time_point since;
    };
    struct waiter;

    void give_back(std::unique_ptr<cloud::connection>);
    std::unique_ptr<cloud::connection> take_idle();
    bool usable(const resting&, time_point now) const;
    void sweep_later();
    void sweep();

    executor executor_;
    std::size_t bound_;
    std::chrono::milliseconds idle_time_;
    std::size_t leased_ = 0;
    bool stopped_ = false;
    std::vector<resting> idle_;  // the one used last is the last
    std::list<waiter*> waiting_;
    timer sweep_timer_;
    bool sweeping_ = false;
};

}  // namespace memorypro::cloud
