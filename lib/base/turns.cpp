#include "base/turns.hpp"

namespace memorypro {

awaitable<turns::turn> turns::take(std::string name) {
    const auto [line, is_free] = lines_.try_emplace(name);
    if (!is_free) {
        auto& waiting = line->second;
        const auto mine = waiting.emplace(waiting.end(), co_await asio::this_coro::executor,
                                          timer::time_point::max());
        co_await mine->async_wait(no_throw);
        lines_.at(name).erase(mine);
    }
    co_return turn(*this, std::move(name));
}

// The next is woken and takes the place; it erases its timer when it runs.
void turns::pass_on(const std::string& name) {
    const auto line = lines_.find(name);
    if (line->second.empty()) {
        lines_.erase(line);
    } else {
        line->second.front().cancel();
    }
}

}  // namespace memorypro
