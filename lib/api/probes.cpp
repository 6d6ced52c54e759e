#include "api/handlers.hpp"
#include "api/openapi.hpp"

namespace memorypro::api {

// The loop answers: it is alive.
awaitable<answer> probe_live(resources&, http::exchange&) {
    co_return json_reply(200, R"({"status":"ok"})");
}

awaitable<answer> probe_ready(resources& r, http::exchange&) {
    if (!store_is_alive(r))
        co_return error{errc::unavailable, "the store does not answer; see the log"};
    co_return json_reply(200, R"({"status":"ok","checks":{"store":"ok"}})");
}

awaitable<answer> show_metrics(resources& r, http::exchange&) {
    const auto totals = co_await r.store.count_memories();
    r.metrics.memories.Set(static_cast<double>(totals.memories));
    co_return http::reply{.body = r.metrics.text(),
                          .content_type = "text/plain; version=0.0.4; charset=utf-8"};
}

awaitable<answer> show_openapi(resources&, http::exchange&) {
    co_return json_reply(200, std::string(openapi_json()));
}

}  // namespace memorypro::api
