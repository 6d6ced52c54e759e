#include "emulator/memories.hpp"

#include "base/json.hpp"
#include "base/sha256.hpp"
#include "memory/search.hpp"

namespace memorypro::emulator {
namespace {

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
    auto search = memory::search_of(std::move(wanted), clock_.now());
    if (search.question.terms.empty()) co_return std::vector<store::hit>();
    co_return co_await store_.find_matches(std::move(search));
}

awaitable<store::totals> memories::count() {
    return store_.count_memories();
}

awaitable<std::vector<store::memory>> memories::after(std::int64_t seq, std::size_t limit) {
    return store_.memories_after(seq, limit);
}

}  // namespace memorypro::emulator
