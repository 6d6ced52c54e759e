#include "cloud/happy_eyeballs.hpp"

#include <fmt/format.h>

#include <list>
#include <memory>
#include <utility>

#include "cloud/wakeup.hpp"

namespace memorypro::cloud {
namespace {

using time_point = std::chrono::steady_clock::time_point;

constexpr std::size_t failures_told = 4;

std::string name_of(const endpoint& to) {
    const auto address = to.address().to_string();
    return to.address().is_v6() ? fmt::format("[{}]:{}", address, to.port())
                                : fmt::format("{}:{}", address, to.port());
}

// The attempts of one connect. The handlers of those that were given up come after it.
struct race {
    explicit race(const executor& loop) : changed(loop) {}

    std::list<tcp_socket> attempts;
    tcp_socket* winner = nullptr;
    std::size_t failed = 0;
    std::string failures;
    wakeup changed;
};

void begin(const std::shared_ptr<race>& all, const executor& loop, const endpoint& to) {
    tcp_socket& socket = all->attempts.emplace_back(loop);
    socket.async_connect(to, [all, &socket, to](boost::system::error_code failure) {
        if (failure) {
            if (++all->failed <= failures_told)
                all->failures += fmt::format("{}{}: {}", all->failed > 1 ? "; " : "", name_of(to),
                                             failure.message());
        } else if (all->winner == nullptr && socket.is_open()) {
            all->winner = &socket;
        }
        all->changed.wake();
    });
}

// Closes what did not win, however the race ends.
class ending {
public:
    explicit ending(race& all) : all_(all) {}
    ~ending() {
        boost::system::error_code ignored;
        for (auto& socket : all_.attempts)
            socket.close(ignored);
    }
    ending(const ending&) = delete;
    ending& operator=(const ending&) = delete;

private:
    race& all_;
};

}  // namespace

std::vector<endpoint> interleave(const std::vector<endpoint>& all) {
    std::vector<endpoint> families[2];
    for (const auto& one : all)
        families[one.protocol() == all.front().protocol() ? 0 : 1].push_back(one);
    std::vector<endpoint> turns;
    for (std::size_t i = 0; turns.size() < all.size(); ++i)
        for (const auto& family : families)
            if (i < family.size()) turns.push_back(family[i]);
    return turns;
}

awaitable<result<tcp_socket>> connect_first(executor loop, std::vector<endpoint> to,
                                            std::chrono::milliseconds stagger, call_scope& scope) {
    const auto all = std::make_shared<race>(loop);
    const ending at_end(*all);
    const call_scope::step step(scope, "connecting", [&] { all->changed.wake(); });

    std::size_t begun = 0, failures_seen = 0;
    time_point next_at = time_point::min();
    while (all->winner == nullptr && all->failed < to.size() && !scope.ended()) {
        const auto now = std::chrono::steady_clock::now();
        const bool one_failed = std::exchange(failures_seen, all->failed) < all->failed;
        if (begun < to.size() && (one_failed || now >= next_at)) {
            begin(all, loop, to[begun++]);
            next_at = now + stagger;
        }
        co_await all->changed.wait(begun < to.size() ? next_at : time_point::max());
    }
    if (all->winner != nullptr) co_return std::move(*all->winner);
    co_return error{errc::unavailable, all->failures};
}

}  // namespace memorypro::cloud
