#include "api/routes.hpp"

#include <span>

#include "api/handlers.hpp"

namespace memorypro::api {
namespace {

using http::body_kind;
using http::verb;

struct entry {
    verb method;
    std::string_view pattern;
    awaitable<answer> (*handle)(resources&, http::exchange&);
    body_kind body = body_kind::none;
    bool mutates = false;
};

constexpr entry probes[] = {
    {verb::get, "/livez", &probe_live},
    {verb::get, "/readyz", &probe_ready},
    {verb::get, "/metrics", &show_metrics},
};

constexpr entry api[] = {
    {verb::post, "/api/v1/memory/store", &store_memory, body_kind::json, true},
    {verb::post, "/api/v1/memory/sync", &sync_memory, body_kind::json, true},
    {verb::post, "/api/v1/memory/recall", &recall_memories, body_kind::json},
    {verb::post, "/api/v1/memory/import", &import_memories, body_kind::stream, true},
    {verb::get, "/api/v1/memory/export", &export_memories},
    {verb::get, "/api/v1/memory/insights", &show_memory_insights},
    {verb::get, "/api/v1/memory", &list_memories},
    {verb::get, "/api/v1/memory/{id}", &get_memory},
    {verb::patch, "/api/v1/memory/{id}", &patch_memory, body_kind::json, true},
    {verb::delete_, "/api/v1/memory/{id}", &delete_memory, body_kind::none, true},
    {verb::get, "/api/v1/insights", &list_insights},
    {verb::get, "/api/v1/recommendations", &list_recommendations},
    {verb::post, "/api/v1/recommendations/{id}/apply", &apply_recommendation, body_kind::none,
     true},
    {verb::post, "/api/v1/recommendations/{id}/dismiss", &dismiss_recommendation, body_kind::none,
     true},
    {verb::get, "/api/v1/actions", &list_actions},
    {verb::patch, "/api/v1/actions/{id}", &patch_action, body_kind::json, true},
    {verb::get, "/api/v1/events", &stream_events},
    {verb::get, "/api/v1/queue", &list_queue},
    {verb::post, "/api/v1/queue", &queue_locals, body_kind::none, true},
    {verb::post, "/api/v1/queue/flush", &flush_queue, body_kind::none, true},
    {verb::post, "/api/v1/queue/{id}/retry", &retry_queued, body_kind::none, true},
    {verb::get, "/api/v1/queue/{id}", &get_queued},
    {verb::delete_, "/api/v1/queue/{id}", &delete_queued, body_kind::none, true},
    {verb::post, "/api/v1/index/rebuild", &rebuild_index, body_kind::none, true},
    {verb::get, "/api/v1/backup", &back_up},
    {verb::get, "/api/v1/status", &show_status},
    {verb::get, "/api/v1/capabilities", &show_capabilities},
    {verb::get, "/openapi.json", &show_openapi},
};

void add(std::vector<http::route>& routes, std::span<const entry> entries, resources& r) {
    for (const auto& e : entries)
        routes.push_back(
            {.method = e.method,
             .pattern = e.pattern,
             .handle = [&r, handle = e.handle](http::exchange& x) { return handle(r, x); },
             .body = e.body,
             .mutates = e.mutates});
}

}  // namespace

std::vector<http::route> local_routes(resources& r) {
    std::vector<http::route> routes;
    add(routes, api, r);
    add(routes, probes, r);
    return routes;
}

std::vector<http::route> metrics_routes(resources& r) {
    std::vector<http::route> routes;
    add(routes, probes, r);
    return routes;
}

}  // namespace memorypro::api
