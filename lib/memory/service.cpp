#include "memory/service.hpp"

#include <algorithm>

#include "recall/query.hpp"

namespace memorypro::memory {
namespace {

double responsibility(store::priority p) {
    return static_cast<double>(p) / 3;
}

recall::signals signals_of(const store::candidate& c, timestamp now) {
    return {.text = c.text,
            .recency = recall::recency(now - c.time),
            .responsibility = responsibility(c.priority)};
}

}  // namespace

service::service(store::store& s, events::hub& events, metrics& m, const clock& time)
    : store_(s), events_(events), metrics_(m), clock_(time) {}

store::new_memory service::admit(given_memory given) {
    const auto now = clock_.now();
    return {.id = given.id ? std::move(*given.id) : ids_.next(now),
            .what = std::move(given.what),
            .created_at = given.created_at.value_or(now),
            .archived = given.archived};
}

void service::announce_stored(const std::string& id) {
    std::string data = "{\"memory_id\":";
    append_json(data, std::string_view(id));
    events_.publish("memory.stored", data += '}');
}

awaitable<result<store::accepted>> service::store(given_memory given,
                                                  std::optional<store::idempotency> key) {
    const stopwatch watch(metrics_.store_seconds);
    auto answer = co_await store_.accept_memory(admit(std::move(given)), std::move(key), {});
    if (answer && answer->created) announce_stored(answer->id);
    co_return answer;
}

awaitable<result<store::accepted>> service::sync(given_memory given) {
    const stopwatch watch(metrics_.store_seconds);
    auto answer = co_await store_.upsert_memory(admit(std::move(given)), {});
    if (answer) announce_stored(answer->id);
    co_return answer;
}

awaitable<result<std::vector<store::imported>>> service::import(std::vector<given_memory> given) {
    std::vector<store::new_memory> admitted;
    std::vector<std::string> ids;
    admitted.reserve(given.size());
    for (auto& next : given) {
        admitted.push_back(admit(std::move(next)));
        ids.push_back(admitted.back().id);
    }
    auto answers = co_await store_.import_memories(std::move(admitted), {});
    if (answers)
        for (std::size_t i = 0; i < ids.size(); ++i)
            if ((*answers)[i] == store::imported::created) announce_stored(ids[i]);
    co_return answers;
}

awaitable<result<std::vector<recalled>>> service::recall(recall_request wanted) {
    const stopwatch watch(metrics_.recall_seconds_local);
    std::vector<recalled> answer;
    auto words = recall::query_words(wanted.query);
    if (words.empty()) co_return answer;
    const auto now = clock_.now();
    store::search search{.words = std::move(words),
                         .filter = std::move(wanted.filter),
                         .limit = wanted.count,
                         .min_score = wanted.min_score,
                         .score = [now, weights = wanted.weights](const store::candidate& c) {
                             return recall::relevance(signals_of(c, now), weights);
                         }};
    auto hits = co_await store_.find_matches(std::move(search));
    answer.reserve(hits.size());
    for (auto& hit : hits)
        answer.push_back({std::move(hit.memory), hit.score, signals_of(hit.signals, now)});
    co_return answer;
}

awaitable<result<store::memory>> service::get(std::string id) {
    return store_.find_memory(std::move(id));
}

awaitable<result<store::memory>> service::amend(std::string id, store::memory_patch patch) {
    return store_.amend_memory(std::move(id), std::move(patch));
}

awaitable<result<void>> service::remove(std::string id) {
    const auto removed =
        co_await store_.remove_memory(std::move(id), store::unknown_ids::are_errors);
    if (!removed) co_return removed.error();
    co_return result<void>();
}

awaitable<store::page> service::list(store::memory_filter wanted,
                                     std::optional<std::int64_t> before, std::size_t limit) {
    return store_.list_memories(std::move(wanted), before, limit);
}

awaitable<std::vector<store::memory>> service::export_after(std::int64_t seq, std::size_t limit) {
    return store_.memories_after(seq, limit);
}

}  // namespace memorypro::memory
