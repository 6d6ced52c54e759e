#include "api/handlers.hpp"
#include "api/health.hpp"

namespace memorypro::api {
namespace {

json::object cloud_json(const resources& r) {
    if (!has_cloud(r))
        return {{"state", "disabled"},
                {"circuit", "closed"},
                {"last_success", nullptr},
                {"last_error", nullptr}};
    const auto health = r.cloud.health();
    return {{"state", to_string(health.state)},
            {"circuit", to_string(health.circuit)},
            {"last_success", time_or_null(health.last_success)},
            {"last_error", text_or_null(health.last_error)}};
}

json::object queue_json(const store::outbox_totals& queue, timestamp now) {
    return {{"pending", queue.pending},
            {"in_flight", queue.in_flight},
            {"dead", queue.dead},
            {"oldest_age_seconds", oldest_age(queue, now).count()},
            {"bytes", queue.bytes}};
}

json::object push_json(const resources& r) {
    const auto& counts = r.receiver.counts();
    return {{"enabled", r.receiver.enabled()},
            {"registered", r.receiver.enabled() && r.registration.registered()},
            {"last_delivery", time_or_null(counts.last_delivery)},
            {"accepted", counts.accepted},
            {"rejected", counts.rejected},
            {"duplicates", counts.duplicates}};
}

json::object poll_json(const resources& r) {
    const auto poll = r.poller.status();
    return {{"enabled", poll.enabled},
            {"interval_seconds", r.settings.poll_interval.count()},
            {"last_success", time_or_null(poll.last_success)},
            {"next", time_or_null(poll.next)}};
}

json::object index_json(const store::index_extent& index) {
    return {{"indexed", index.indexed}, {"behind", index.behind}};
}

}  // namespace

awaitable<answer> show_status(resources& r, http::exchange&) {
    const auto totals = co_await r.store.count_memories();
    const auto queue = co_await r.store.count_outbox();
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::steady_clock::now() - r.started);
    co_return json_reply(
        200, to_json(json::object{{"version", MEMORYPRO_VERSION},
                                  {"mode", config::to_string(config::mode_of(r.settings))},
                                  {"uptime_seconds", uptime.count()},
                                  {"cloud", cloud_json(r)},
                                  {"queue", queue_json(queue, r.clock.now())},
                                  {"push", push_json(r)},
                                  {"poll", poll_json(r)},
                                  {"store",
                                   {{"backend", "sqlite"},
                                    {"memories", totals.memories},
                                    {"archived", totals.archived},
                                    {"bytes", totals.bytes}}},
                                  {"index", index_json(r.store.indexed())}}));
}

awaitable<answer> show_capabilities(resources& r, http::exchange&) {
    const bool cloud = has_cloud(r);
    const bool push = r.receiver.enabled();
    const bool told = push || r.poller.status().enabled;  // what the cloud finds out
    co_return json_reply(
        200, to_json(json::object{{"semantic_search", cloud},
                                  {"metadata_filtering", true},
                                  {"memory_evolution", cloud && r.settings.evolution},
                                  {"lifecycle_management", told && r.settings.lifecycle},
                                  {"ai_analysis", cloud && r.settings.ai_analysis},
                                  {"push_notifications", push},
                                  {"cloud_storage", cloud}}));
}

}  // namespace memorypro::api
