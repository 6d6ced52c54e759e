#include "api/handlers.hpp"
#include "base/log.hpp"
#include "base/spawn.hpp"
#include "memory/text.hpp"

namespace memorypro::api {
namespace {

void append_number(std::string& out, std::string_view name, double value) {
    out += name;
    append_json(out, json::value(value));
}

void append_signals(std::string& out, const memory::recalled& hit) {
    if (const auto& here = hit.signals) {
        append_number(out, ",\"explain\":{\"text\":", here->text);
        append_number(out, ",\"words\":", here->words);
        append_number(out, ",\"speaker\":", here->speaker);
        append_number(out, ",\"context\":", here->context);
        append_number(out, ",\"asking\":", here->asking);
        append_number(out, ",\"date\":", here->date);
        append_number(out, ",\"time_told\":", here->time_told);
        append_number(out, ",\"insight\":", here->insight);
        append_number(out, ",\"recency\":", here->recency);
        append_number(out, ",\"responsibility\":", here->responsibility);
    } else {
        append_number(out, ",\"explain\":{\"cloud\":", hit.score);
    }
    out += '}';
}

void append_recalled(std::string& out, const memory::recalled& hit, bool explain) {
    memory::append_open_memory(out, hit.memory);
    append_number(out, ",\"relevance_score\":", hit.score);
    if (explain) append_signals(out, hit);
    out += '}';
}

std::string_view name_of(memory::answered_by source) {
    switch (source) {
        case memory::answered_by::local:
            return "local";
        case memory::answered_by::cloud:
            return "cloud";
        case memory::answered_by::merged:
            break;
    }
    return "merged";
}

// Of recalls whose actions are kept behind their answers; one more waits for its own.
constexpr int most_action_keepers = 32;

// The actions that the cloud discovers join those here. They are no part of what was asked for: the
// recall is answered also where they cannot be kept.
awaitable<> keep_actions(resources& r, std::string actions_json) try {
    auto document = parse_object("{\"discovered_actions\":" + actions_json + '}', deepest_document);
    if (!document) co_return;
    const auto done =
        co_await r.insights.apply(std::move(*document), store::insight_source::recall);
    if (!done) spdlog::warn("discovered actions were not kept: {}", done.error().detail);
} catch (const std::exception& failure) {
    spdlog::error("discovered actions were not kept: {}", failure.what());
}

// No guard counts it: its destructor may run in a frame that outlives the resources.
awaitable<> count_keeper(resources& r, awaitable<> keeping) {
    ++r.action_keepers;
    co_await std::move(keeping);  // throws nothing
    --r.action_keepers;
}

awaitable<> queue_behind(resources& r, std::string actions_json) {
    const bool room = r.action_keepers < most_action_keepers;
    auto work = count_keeper(r, keep_actions(r, std::move(actions_json)));
    if (room)
        spawn(co_await asio::this_coro::executor, "the keeping of actions", std::move(work));
    else
        co_await std::move(work);
}

}  // namespace

awaitable<answer> recall_memories(resources& r, http::exchange& x) {
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    auto wanted = memory::parse_recall(*body);
    if (!wanted) co_return wanted.error();
    const bool explain = wanted->explain;
    const bool takes_actions = wanted->auto_queue_actions;
    const auto found = co_await r.memories.recall(std::move(*wanted));
    if (!found) co_return found.error();
    if (takes_actions && found->actions_json != "[]") co_await queue_behind(r, found->actions_json);

    std::string out = "{\"status\":\"success\",\"memories\":[";
    for (const auto& hit : found->memories) {
        if (&hit != &found->memories.front()) out += ',';
        append_recalled(out, hit, explain);
    }
    out += "],\"source\":\"";
    out += name_of(found->source);
    out += found->degraded ? "\",\"degraded\":true" : "\",\"degraded\":false";
    out += ",\"discovered_actions\":" + found->actions_json;
    out += ",\"analysis\":" + found->analysis_json;
    co_return json_reply(200, out += '}');
}

}  // namespace memorypro::api
