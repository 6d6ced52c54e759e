#include "emulator/memories.hpp"

#include "base/json.hpp"
#include "base/sha256.hpp"
#include "recall/query.hpp"
#include "recall/score.hpp"

namespace memorypro::emulator {
namespace {

double score(const store::candidate& c, timestamp now, const recall::weights& weights) {
    return recall::relevance({.text = c.text,
                              .recency = recall::recency(now - c.time),
                              .responsibility = static_cast<double>(c.priority) / 3},
                             weights);
}

// Kept with the memory, so that listings show whose copy it is.
void add_local_id(std::string& extra_json, std::string_view local_id) {
    std::string with = "{\"local_memory_id\":";
    append_json(with, local_id);
    with += extra_json.empty() ? "}" : ',' + extra_json.substr(1);
    extra_json = std::move(with);
}

}  // namespace

memories::memories(store::store& s, const clock& time) : store_(s), clock_(time) {}

awaitable<result<store::accepted>> memories::store(memory::given_memory given,
                                                   std::optional<store::idempotency> key) {
    const auto now = clock_.now();
    co_return co_await store_.accept_memory(
        {.id = "mem_" + ids_.next(now), .what = std::move(given.what), .created_at = now},
        std::move(key), std::nullopt);
}

// The memory first, then the key: what a crash between them loses is told by the local id.
awaitable<result<store::accepted>> memories::sync(memory::given_memory given,
                                                  std::optional<store::idempotency> key) {
    if (key) {
        auto known = co_await store_.find_answer(*key);
        if (!known) co_return known.error();
        if (*known) co_return std::move(**known);
    }
    const std::string& local_id = *given.id;
    add_local_id(given.what.extra_json, local_id);
    auto done = co_await store_.upsert_memory({.id = "mem_" + sha256_hex(local_id).substr(0, 32),
                                               .what = std::move(given.what),
                                               .created_at = clock_.now()},
                                              std::nullopt);
    if (!done || !key) co_return done;
    const auto kept = co_await store_.remember_answer(std::move(*key), *done);
    if (!kept) co_return kept.error();
    co_return done;
}

awaitable<std::vector<store::hit>> memories::recall(memory::recall_request wanted) {
    auto words = recall::query_words(wanted.query);
    if (words.empty()) co_return std::vector<store::hit>();
    const auto now = clock_.now();
    store::search search{.words = std::move(words),
                         .filter = std::move(wanted.filter),
                         .limit = wanted.count,
                         .min_score = wanted.min_score,
                         .score = [now, weights = wanted.weights](const store::candidate& c) {
                             return score(c, now, weights);
                         }};
    co_return co_await store_.find_matches(std::move(search));
}

awaitable<store::totals> memories::count() {
    return store_.count_memories();
}

awaitable<std::vector<store::memory>> memories::after(std::int64_t seq, std::size_t limit) {
    return store_.memories_after(seq, limit);
}

}  // namespace memorypro::emulator
