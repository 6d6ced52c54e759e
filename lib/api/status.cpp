#include "api/handlers.hpp"

namespace memorypro::api {
namespace {

// No cloud is configured in local mode: nothing is sent, received or asked for.
json::object without_cloud() {
    return {
        {"cloud",
         {{"state", "disabled"},
          {"circuit", "closed"},
          {"last_success", nullptr},
          {"last_error", nullptr}}},
        {"queue",
         {{"pending", 0}, {"in_flight", 0}, {"dead", 0}, {"oldest_age_seconds", 0}, {"bytes", 0}}},
        {"push",
         {{"enabled", false},
          {"registered", false},
          {"last_delivery", nullptr},
          {"accepted", 0},
          {"rejected", 0},
          {"duplicates", 0}}},
    };
}

}  // namespace

awaitable<answer> show_status(resources& r, http::exchange&) {
    const auto totals = co_await r.store.count_memories();
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::steady_clock::now() - r.started);
    json::object status = without_cloud();
    status["version"] = MEMORYPRO_VERSION;
    status["mode"] = "local";
    status["uptime_seconds"] = uptime.count();
    status["poll"] = {{"enabled", false},
                      {"interval_seconds", r.settings.poll_interval.count()},
                      {"last_success", nullptr},
                      {"next", nullptr}};
    status["store"] = {{"backend", "sqlite"},
                       {"memories", totals.memories},
                       {"archived", totals.archived},
                       {"bytes", totals.bytes}};
    co_return json_reply(200, to_json(status));
}

awaitable<answer> show_capabilities(resources&, http::exchange&) {
    co_return json_reply(200, to_json(json::object{{"semantic_search", false},
                                                   {"metadata_filtering", true},
                                                   {"memory_evolution", false},
                                                   {"lifecycle_management", false},
                                                   {"ai_analysis", false},
                                                   {"push_notifications", false},
                                                   {"cloud_storage", false}}));
}

}  // namespace memorypro::api
