#include "base/bell.hpp"

namespace memorypro {

void bell::ring() {
    ++rings_;
    for (auto& waiter : waiting_)
        waiter.cancel();
}

awaitable<> bell::wait(std::uint64_t heard, std::chrono::milliseconds at_most) {
    if (rings_ != heard) co_return;
    const auto waiter = waiting_.emplace(waiting_.end(), executor_, at_most);
    co_await waiter->async_wait(no_throw);
    waiting_.erase(waiter);
}

}  // namespace memorypro
