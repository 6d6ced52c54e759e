#include "api/handlers.hpp"
#include "memory/text.hpp"

namespace memorypro::api {
namespace {

void append_number(std::string& out, std::string_view name, double value) {
    out += name;
    append_json(out, json::value(value));
}

void append_recalled(std::string& out, const memory::recalled& hit, bool explain) {
    memory::append_open_memory(out, hit.memory);
    append_number(out, ",\"relevance_score\":", hit.score);
    if (explain) {
        append_number(out, ",\"explain\":{\"text\":", hit.signals.text);
        append_number(out, ",\"recency\":", hit.signals.recency);
        append_number(out, ",\"responsibility\":", hit.signals.responsibility);
        out += '}';
    }
    out += '}';
}

}  // namespace

awaitable<answer> recall_memories(resources& r, http::exchange& x) {
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    auto wanted = memory::parse_recall(*body);
    if (!wanted) co_return wanted.error();
    const bool explain = wanted->explain;
    const auto hits = co_await r.memories.recall(std::move(*wanted));
    if (!hits) co_return hits.error();

    std::string out = "{\"status\":\"success\",\"memories\":[";
    for (const auto& hit : *hits) {
        if (&hit != &hits->front()) out += ',';
        append_recalled(out, hit, explain);
    }
    out += "],\"source\":\"local\",\"degraded\":false,\"discovered_actions\":[],\"analysis\":{}}";
    co_return json_reply(200, std::move(out));
}

}  // namespace memorypro::api
