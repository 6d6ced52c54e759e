#include "events/hub.hpp"

#include <algorithm>

namespace memorypro::events {

hub::hub(executor loop, timestamp now, std::size_t most_events, std::size_t most_bytes)
    : executor_(std::move(loop)),
      next_id_(static_cast<std::uint64_t>(now.time_since_epoch().count())),
      most_events_(most_events),
      most_bytes_(most_bytes) {}

void hub::publish(std::string_view name, std::string data) {
    kept_bytes_ += data.size();
    kept_.push_back({next_id_++, name, std::move(data)});
    while (kept_.size() > most_events_ || (kept_bytes_ > most_bytes_ && kept_.size() > 1)) {
        kept_bytes_ -= kept_.front().data.size();
        kept_.pop_front();
    }
    for (auto& waiter : waiting_)
        waiter.cancel();
}

std::uint64_t hub::first_id() const {
    return kept_.empty() ? next_id_ : kept_.front().id;
}

std::vector<event> hub::since(std::uint64_t id, std::size_t limit) const {
    const auto first =
        std::upper_bound(kept_.begin(), kept_.end(), id,
                         [](std::uint64_t seen, const event& kept) { return seen < kept.id; });
    const auto count = std::min(limit, static_cast<std::size_t>(kept_.end() - first));
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

awaitable<> hub::wait(std::uint64_t id, std::chrono::milliseconds at_most) {
    if (closed_ || last_id() > id) co_return;
    const auto waiter = waiting_.emplace(waiting_.end(), executor_, at_most);
    co_await waiter->async_wait(no_throw);
    waiting_.erase(waiter);
}

void hub::close() {
    closed_ = true;
    for (auto& waiter : waiting_)
        waiter.cancel();
}

}  // namespace memorypro::events
