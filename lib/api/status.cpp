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

json::object push_json() {
    return {{"enabled", false}, {"registered", false}, {"last_delivery", nullptr},
            {"accepted", 0},    {"rejected", 0},       {"duplicates", 0}};
}

json::object poll_json(const resources& r) {
    return {{"enabled", false},
            {"interval_seconds", r.settings.poll_interval.count()},
            {"last_success", nullptr},
            {"next", nullptr}};
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
                                  {"push", push_json()},
                                  {"poll", poll_json(r)},
                                  {"store",
                                   {{"backend", "sqlite"},
                                    {"memories", totals.memories},
                                    {"archived", totals.archived},
                                    {"bytes", totals.bytes}}}}));
}

awaitable<answer> show_capabilities(resources& r, http::exchange&) {
    const bool cloud = has_cloud(r);
    co_return json_reply(200,
                         to_json(json::object{{"semantic_search", cloud},
                                              {"metadata_filtering", true},
                                              {"memory_evolution", cloud && r.settings.evolution},
                                              {"lifecycle_management", false},
                                              {"ai_analysis", cloud && r.settings.ai_analysis},
                                              {"push_notifications", false},
                                              {"cloud_storage", cloud}}));
}

}  // namespace memorypro::api
