// doctor's checks of the way to the cloud.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>

#include "cli/doctor_checks.hpp"
#include "cli/health.hpp"
#include "cli/json.hpp"
#include "cli/text.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds flush_patience{5};

json::object get(context& shared, const target& where) {
    return parse_object(shared.daemon().call(method::get, where));
}

json::object get_status(context& shared) {
    return get(shared, target("/api/v1/status"));
}

void flush(context& shared) {
    shared.daemon().allow(flush_patience);
    shared.daemon().call(
        method::post,
        target("/api/v1/queue/flush").parameter("timeout", std::to_string(flush_patience.count())));
}

std::int64_t waiting(const json::object& queue) {
    return integer_at(queue, "pending") + integer_at(queue, "in_flight");
}

// "17: the error" of the first item in this state; empty when it had none.
std::string first_error(context& shared, const char* state) {
    const auto page =
        get(shared, target("/api/v1/queue").parameter("state", state).parameter("limit", "1"));
    const auto& items = array_at(page, "items");
    const auto* item = items.empty() ? nullptr : items.front().if_object();
    if (!item || text_at(*item, "last_error").empty()) return {};
    return fmt::format("{}: {}", text_at(*item, "id"), text_at(*item, "last_error"));
}

// What readyz says of a queue that does not move; empty when it does.
std::string why_stalled(context& shared) {
    const auto ready = get(shared, target("/readyz?verbose"));
    auto said = text_at(object_at(ready, "checks"), "queue");
    return said == "ok" ? std::string() : said;
}

}  // namespace

finding check_cloud(context& shared) {
    return guarded([&]() -> finding {
        const auto status = get_status(shared);
        const auto& cloud = object_at(status, "cloud");
        const auto state = text_at(cloud, "state");
        if (state == "disabled") return {verdict::skipped, "no cloud account: local mode"};
        const auto last = short_time(text_at(cloud, "last_success"));
        const auto success = last.empty() ? "no call has succeeded yet" : "last success " + last;
        if (state == "online")
            return {verdict::good, fmt::format("{}, {}", cloud_line(cloud), success)};
        if (const auto advice = credentials_advice(cloud); !advice.empty())
            return {verdict::bad, fmt::format("{} ({})", advice, text_at(cloud, "last_error"))};
        return {verdict::bad, fmt::format("{}; {}", why_not_sent(status), success)};
    });
}

finding check_queue(context& shared) {
    return guarded([&]() -> finding {
        const auto status_before = get_status(shared);
        const auto before = waiting(object_at(status_before, "queue"));
        if (before == 0) return {verdict::good, "nothing waits"};

        flush(shared);
        const auto status = get_status(shared);
        const auto& queue = object_at(status, "queue");
        const auto left = waiting(queue);
        if (left < before)
            return {verdict::good, fmt::format("{} waited, {} wait now", before, left)};

        const auto stalled = why_stalled(shared);
        if (stalled.empty())
            return {verdict::good,
                    fmt::format("{} wait, the oldest for {}", left,
                                human_seconds(integer_at(queue, "oldest_age_seconds")))};
        const bool says_why = stalled.find("last error") != std::string::npos;
        const auto error = says_why ? std::string() : first_error(shared, "pending");
        return {verdict::bad, error.empty() ? stalled : fmt::format("{} ({})", stalled, error)};
    });
}

finding check_dead_letters(context& shared) {
    return guarded([&]() -> finding {
        const auto status = get_status(shared);
        const auto advice = dead_letter_advice(object_at(status, "queue"));
        if (advice.empty()) return {verdict::good, "none"};
        const auto error = first_error(shared, "dead");
        return {verdict::bad, error.empty() ? advice : fmt::format("{} ({})", advice, error)};
    });
}

}  // namespace memorypro::cli
