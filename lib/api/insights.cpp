// What the cloud has found out about the memories, or without it what can be counted here.
#include "api/handlers.hpp"
#include "api/listing.hpp"
#include "api/query.hpp"
#include "insights/summary.hpp"
#include "insights/text.hpp"
#include "memory/route.hpp"

namespace memorypro::api {
namespace {

struct found_insights {
    json::object document;
    std::string_view source;  // who answered: cloud or local
    bool degraded = false;    // the cloud should have and did not
    timestamp as_of;
};

awaitable<found_insights> count_here(resources& r) {
    const auto totals = co_await r.store.count_memories();
    const auto survey = co_await r.store.survey_memories(insights::surveyed_memories,
                                                         insights::most_pattern_values);
    co_return found_insights{insights::summarize(totals, survey), "local", false, r.clock.now()};
}

// The cloud's last snapshot, else what can be counted here: the same members either way.
awaitable<found_insights> without_cloud(resources& r) {
    if (const auto latest = co_await r.store.latest_memory_insights()) {
        if (auto snapshot = parse_object(latest->payload_json, deepest_document))
            co_return found_insights{{{"evolution_updates", json::array()},
                                      {"lifecycle_recommendations", json::array()},
                                      {"memory_insights", std::move(*snapshot)}},
                                     "local",
                                     true,
                                     latest->received_at};
    }
    auto counted = co_await count_here(r);
    counted.degraded = true;
    co_return counted;
}

awaitable<result<found_insights>> find_insights(resources& r) {
    if (!has_cloud(r)) co_return co_await count_here(r);
    const bool fallback = r.settings.local_fallback;
    if (!memory::worth_waiting(r.cloud.health(), fallback)) co_return co_await without_cloud(r);
    const auto got = co_await r.cloud.insights();
    if (!got) {
        switch (memory::remedy_of_recall(got.error().what, fallback)) {
            case memory::remedy::fall_back:
                co_return co_await without_cloud(r);
            case memory::remedy::refuse:
                co_return memory::refused_by_cloud(got.error());
            case memory::remedy::give_up:
                co_return memory::cloud_is_away(got.error(), r.cloud.callable_at(),
                                                std::chrono::steady_clock::now());
        }
    }
    auto document = parse_object(got->body, deepest_document);
    if (!document) co_return document.error();  // not met: the client has parsed it
    co_return found_insights{std::move(*document), "cloud", false, r.clock.now()};
}

}  // namespace

awaitable<answer> show_memory_insights(resources& r, http::exchange& x) {
    if (const auto none = expect_no_query(x.request.query); !none) co_return none.error();
    auto found = co_await find_insights(r);
    if (!found) co_return found.error();
    found->document["source"] = found->source;
    found->document["degraded"] = found->degraded;
    found->document["as_of"] = format_time(found->as_of);
    co_return json_reply(200, to_json(found->document));
}

awaitable<answer> list_insights(resources& r, http::exchange& x) {
    const auto wanted = parse_insights_query(x.request.query);
    if (!wanted) co_return wanted.error();
    const auto page = co_await r.store.list_insights(wanted->since.value_or(0), wanted->limit);
    co_return listing_reply("insights", page, insights::append_insight);
}

}  // namespace memorypro::api
