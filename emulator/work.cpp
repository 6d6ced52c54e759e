#include "emulator/work.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.hpp"
#include "http/idempotency_key.hpp"
#include "memory/text.hpp"
#include "recall/query.hpp"

namespace memorypro::emulator {
namespace {

constexpr std::size_t most_content_bytes = 16 << 20;

result<std::optional<store::idempotency>> read_key(const http::exchange& x) {
    auto key = http::idempotency_key(x);
    if (!key) return key.error();
    if (key->empty()) return std::nullopt;
    // The same key for another call is another request.
    return store::idempotency{.key = std::move(*key),
                              .body_digest = sha256_hex(x.request.path + '\n' + x.body)};
}

// Of the text alone, so that a replayed answer is the same.
std::string analysis_of(std::string_view content) {
    const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    std::size_t words = 0;
    bool inside = false;
    for (const char c : content) {
        words += !inside && !is_space(c);
        inside = !is_space(c);
    }
    const auto characters = static_cast<std::size_t>(
        std::ranges::count_if(content, [](char c) { return (c & 0xc0) != 0x80; }));
    return fmt::format(R"({{"words":{},"characters":{},"estimated_tokens":{}}})", words, characters,
                       (content.size() + 3) / 4);
}

http::reply accepted_reply(cloud& c, unsigned status, const store::accepted& done,
                           std::string_view analysis) {
    std::string body = "{\"status\":\"success\",\"memory_id\":";
    append_json(body, std::string_view(done.id));
    body += fmt::format(",\"analysis\":{}}}", analysis);
    auto reply = json_reply(status, std::move(body));
    if (done.replayed) {
        ++c.idempotent_replays;
        reply.headers.emplace_back("Idempotency-Replayed", "true");
    }
    return reply;
}

}  // namespace

awaitable<answer> store_memory(cloud& c, http::exchange& x) {
    auto key = read_key(x);
    if (!key) co_return key.error();
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    auto given = memory::parse_memory(*body, memory::body_of::store, most_content_bytes);
    if (!given) co_return given.error();
    const auto analysis = analysis_of(given->what.content);
    const auto done = co_await c.memories.store(std::move(*given), std::move(*key));
    if (!done) co_return done.error();
    co_return accepted_reply(c, 201, *done, analysis);
}

awaitable<answer> sync_memory(cloud& c, http::exchange& x) {
    auto key = read_key(x);
    if (!key) co_return key.error();
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    auto given = memory::parse_memory(*body, memory::body_of::sync, most_content_bytes);
    if (!given) co_return given.error();
    const auto analysis = analysis_of(given->what.content);
    const auto done = co_await c.memories.sync(std::move(*given), std::move(*key));
    if (!done) co_return done.error();
    co_return accepted_reply(c, 200, *done, analysis);
}

awaitable<answer> recall_memories(cloud& c, http::exchange& x) {
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    auto wanted = memory::parse_recall(*body);
    if (!wanted) co_return wanted.error();
    const auto words = recall::query_words(wanted->query);
    const auto hits = co_await c.memories.recall(std::move(*wanted));

    std::string out = "{\"status\":\"success\",\"memories\":[";
    for (const auto& hit : hits) {
        if (&hit != &hits.front()) out += ',';
        memory::append_open_memory(out, hit.memory);
        out += ",\"relevance_score\":";
        append_json(out, json::value(hit.score));
        out += '}';
    }
    out += "],\"discovered_actions\":[],\"analysis\":{\"query_words\":";
    append_json(out, json::value_from(words));
    out += fmt::format(",\"returned\":{}}}}}", hits.size());
    co_return json_reply(200, std::move(out));
}

}  // namespace memorypro::emulator
