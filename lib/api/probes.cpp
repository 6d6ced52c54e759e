#include "api/handlers.hpp"
#include "api/health.hpp"
#include "api/openapi.hpp"

namespace memorypro::api {
namespace {

bool is_verbose(std::string_view query) {
    const auto parameters = http::parse_query(query);
    return parameters && std::ranges::any_of(*parameters, [](const http::parameter& given) {
               return given.name == "verbose" && given.value != "false" && given.value != "0";
           });
}

std::string_view cloud_check(const resources& r) {
    if (!has_cloud(r)) return "disabled";
    const auto state = r.cloud.health().state;
    return state == cloud::state::online ? "ok" : to_string(state);
}

std::optional<timestamp> last_sync_success(const metrics& m) {
    const auto seconds = m.last_sync_success.Value();
    if (seconds <= 0) return std::nullopt;
    return timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

awaitable<std::string> check_queue(resources& r) {
    const auto queue = co_await r.store.count_outbox();
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::steady_clock::now() - r.started);
    co_return queue_check(
        queue,
        {.uptime = uptime,
         .last_success = last_sync_success(r.metrics),
         .last_error = has_cloud(r) ? r.cloud.health().last_error : "no cloud is configured"},
        r.clock.now());
}

void set_queue_gauges(metrics& m, const store::outbox_totals& queue, timestamp now) {
    m.outbox_pending.Set(static_cast<double>(queue.pending + queue.in_flight));
    m.outbox_oldest_age_seconds.Set(static_cast<double>(oldest_age(queue, now).count()));
    m.outbox_bytes.Set(static_cast<double>(queue.bytes));
    m.dead_letters.Set(static_cast<double>(queue.dead));
}

double circuit_value(cloud::circuit::state s) {
    switch (s) {
        case cloud::circuit::state::closed:
            return 0;
        case cloud::circuit::state::half_open:
            return 1;
        case cloud::circuit::state::open:
            break;
    }
    return 2;
}

// Without a cloud nobody probes: what was found last says nothing.
void set_cloud_gauges(const resources& r) {
    const auto found = has_cloud(r) ? r.cloud.health() : cloud::health{};
    r.metrics.circuit_state.Set(circuit_value(found.circuit));
    r.metrics.credentials_refused.Set(found.state == cloud::state::auth_failed ? 1 : 0);
}

}  // namespace

// The loop answers: it is alive.
awaitable<answer> probe_live(resources&, http::exchange&) {
    co_return json_reply(200, R"({"status":"ok"})");
}

// The store decides, and the cloud where nothing here may stand in for it.
awaitable<answer> probe_ready(resources& r, http::exchange& x) {
    if (!store_is_alive(r))
        co_return error{errc::unavailable, "the store does not answer; see the log"};
    const auto cloud = cloud_check(r);
    if (has_cloud(r) && !r.settings.local_fallback && cloud != "ok")
        co_return error{errc::unavailable,
                        "the cloud is away and MEMORYPRO_LOCAL_FALLBACK is off: " +
                            r.cloud.health().last_error};
    json::object checks{{"store", "ok"}};
    if (is_verbose(x.request.query)) {
        checks["cloud"] = cloud;
        checks["queue"] = co_await check_queue(r);
    }
    co_return json_reply(200, to_json(json::object{{"status", "ok"}, {"checks", checks}}));
}

awaitable<answer> show_metrics(resources& r, http::exchange&) {
    const auto totals = co_await r.store.count_memories();
    r.metrics.memories.Set(static_cast<double>(totals.memories));
    set_queue_gauges(r.metrics, co_await r.store.count_outbox(), r.clock.now());
    r.metrics.outbox_max_bytes.Set(static_cast<double>(r.settings.queue_max_bytes));
    set_cloud_gauges(r);
    co_return http::reply{.body = r.metrics.text(),
                          .content_type = "text/plain; version=0.0.4; charset=utf-8"};
}

awaitable<answer> show_openapi(resources&, http::exchange&) {
    co_return json_reply(200, std::string(openapi_json()));
}

}  // namespace memorypro::api
