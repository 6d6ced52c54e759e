#include "api/health.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memorypro::api {

std::string_view to_string(cloud::state s) {
    switch (s) {
        case cloud::state::online:
            return "online";
        case cloud::state::offline:
            return "offline";
        case cloud::state::auth_failed:
            break;
    }
    return "auth_failed";
}

std::string_view to_string(cloud::circuit::state s) {
    switch (s) {
        case cloud::circuit::state::closed:
            return "closed";
        case cloud::circuit::state::open:
            return "open";
        case cloud::circuit::state::half_open:
            break;
    }
    return "half_open";
}

std::chrono::seconds oldest_age(const store::outbox_totals& queue, timestamp now) {
    if (!queue.oldest) return {};
    return std::max(std::chrono::floor<std::chrono::seconds>(now - *queue.oldest),
                    std::chrono::seconds(0));
}

std::string queue_check(const store::outbox_totals& queue, const queue_motion& motion,
                        timestamp now) {
    const auto waiting = queue.pending + queue.in_flight;
    const auto age = oldest_age(queue, now);
    const bool moved = motion.last_success && now - *motion.last_success <= queue_patience;
    if (waiting == 0 || age <= queue_patience || motion.uptime <= queue_patience || moved)
        return "ok";
    auto text = fmt::format("stalled: {} pending, oldest {} s", waiting, age.count());
    return motion.last_error.empty() ? text : text + ", last error: " + motion.last_error;
}

}  // namespace memorypro::api
