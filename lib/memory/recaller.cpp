#include "memory/recaller.hpp"

#include <algorithm>

#include "base/beside.hpp"
#include "cloud/wire.hpp"
#include "memory/merge.hpp"
#include "memory/route.hpp"
#include "memory/search.hpp"
#include "recall/query.hpp"

namespace memorypro::memory {
namespace {

// How much more is asked for when too much of the cloud's answer is hidden here, and by how much
// less when there is too much of it.
constexpr std::size_t widened = 8;
constexpr std::size_t narrowed = 4;

cloud::recall_query query_of(const recall_request& wanted, bool evolution) {
    return {.query = wanted.query,
            .count = wanted.count,
            .weight_recent = wanted.weights.recent,
            .weight_responsibilities = wanted.weights.responsibilities,
            .auto_queue_actions = wanted.auto_queue_actions,
            .evolution_enabled = wanted.evolution_enabled && evolution,
            .filter = wanted.filter};
}

// What is hidden here may have taken the places of others: the cloud has more to give.
bool is_short(const recall_request& wanted, std::size_t asked, const cloud::recalled& given,
              const recall_answer& answer) {
    return asked < most_recalled && answer.memories.size() < wanted.count &&
           given.memories.size() >= asked && scores_of(given.memories).back() >= wanted.min_score;
}

std::vector<std::string> ids_of(const std::vector<cloud::found>& hits) {
    std::vector<std::string> ids;
    ids.reserve(hits.size());
    for (const auto& hit : hits)
        ids.push_back(hit.memory.id);
    return ids;
}

std::vector<store::memory> memories_of(const std::vector<cloud::found>& hits) {
    std::vector<store::memory> memories;
    memories.reserve(hits.size());
    for (const auto& hit : hits)
        memories.push_back(hit.memory);
    return memories;
}

}  // namespace

recaller::recaller(store::store& s, cloud::client& c, const clock& time,
                   const config::settings& settings)
    : store_(s), cloud_(c), clock_(time), settings_(settings), evolution_(s, time) {}

awaitable<std::vector<recalled>> recaller::search(recall_request wanted, among which) {
    std::vector<recalled> found;
    auto search = search_of(std::move(wanted), clock_.now());
    if (search.question.terms.empty()) co_return found;
    search.unsynced_only = which == among::unsynced;
    auto hits = co_await store_.find_matches(std::move(search));
    found.reserve(hits.size());
    for (auto& hit : hits)
        found.push_back({std::move(hit.memory), hit.score, hit.signals});
    co_return found;
}

awaitable<result<recall_answer>> recaller::from_here(recall_request wanted) {
    recall_answer answer{.memories = co_await search(wanted, among::all)};
    if (!wanted.evolution_enabled || !settings_.evolution) co_return answer;
    auto words = recall::query_words(wanted.query);
    co_return co_await evolution_.enrich(std::move(answer), std::move(wanted), std::move(words));
}

awaitable<result<recall_answer>> recaller::degraded(recall_request wanted) {
    auto answer = co_await from_here(std::move(wanted));
    answer->degraded = true;
    co_return answer;
}

awaitable<result<recall_answer>> recaller::from_cloud(recall_request wanted) {
    const bool fallback = settings_.local_fallback;
    if (!worth_waiting(cloud_.health(), fallback)) co_return co_await degraded(std::move(wanted));

    auto query = query_of(wanted, settings_.evolution);
    // A cloud that gives more than it was asked for saves the second question.
    const auto most = std::min(most_recalled, widened * query.count);
    beside<std::vector<recalled>> waiting(co_await asio::this_coro::executor,
                                          search(wanted, among::unsynced));
    auto reply = co_await cloud_.recall(cloud::recall_body(query), most);
    const bool too_large = !reply && reply.error().too_large && query.count > 1;
    if (too_large) {
        query.count = std::max<std::size_t>(query.count / narrowed, 1);
        reply = co_await cloud_.recall(cloud::recall_body(query), query.count);
    }
    if (!reply) {
        const auto& why = reply.error();
        switch (remedy_of_recall(why.what, fallback)) {
            case remedy::fall_back:
                co_return co_await degraded(std::move(wanted));
            case remedy::refuse:
                co_return refused_by_cloud(why);
            case remedy::give_up:
                co_return cloud_is_away(why, cloud_.callable_at(),
                                        std::chrono::steady_clock::now());
        }
    }
    const auto mine = co_await waiting.value();
    auto answer = co_await combine(wanted, *reply, mine);
    answer.degraded = too_large;  // there may be more
    if (!too_large && is_short(wanted, query.count, *reply, answer)) {
        query.count = most;
        query.auto_queue_actions = false;  // once is enough
        if (auto more = co_await cloud_.recall(cloud::recall_body(query), most))
            answer = co_await combine(wanted, std::move(*more), mine);
    }
    answer.actions_json = std::move(reply->actions_json);
    answer.analysis_json = std::move(reply->analysis_json);
    co_return answer;
}

awaitable<recall_answer> recaller::combine(recall_request wanted, cloud::recalled given,
                                           std::vector<recalled> mine) {
    std::vector<store::known_memory> known;
    if (!given.memories.empty()) known = co_await store_.find_known(ids_of(given.memories));
    if (!known.empty() && store_.has_strays()) {
        const auto strays = co_await store_.find_strays(memories_of(given.memories));
        for (std::size_t i = 0; i < known.size(); ++i)
            known[i].deleted |= strays[i] && !known[i].local_id;
    }
    co_return merge(wanted, std::move(given.memories), known, std::move(mine));
}

}  // namespace memorypro::memory
