// Lets one coroutine wait until somebody on the loop wakes it. A wake before the wait is not lost.
#pragma once

#include <chrono>

#include "cloud/socket.hpp"

namespace memorypro::cloud {

class wakeup {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit wakeup(const executor& loop) : timer_(loop) {}

    void wake() {
        woken_ = true;
        timer_.cancel();
    }

    // Until it is woken, or the time has come.
    awaitable<> wait(time_point until = time_point::max()) {
        timer_.expires_at(until);
        while (!woken_ && std::chrono::steady_clock::now() < until)
            co_await timer_.async_wait(no_throw);
        woken_ = false;
    }

private:
    timer timer_;
    bool woken_ = false;
};

}  // namespace memorypro::cloud
