#include "memory/evolution.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "base/json.hpp"
#include "insights/text.hpp"
#include "memory/match.hpp"
#include "memory/signals.hpp"

namespace memorypro::memory {
namespace {

constexpr std::size_t most_updates = 5;
constexpr std::size_t most_cited = 32;

// They are best first; of equals the later one comes later.
void insert_by_score(std::vector<recalled>& hits, recalled one) {
    const auto place = std::ranges::upper_bound(hits, one.score, std::greater(), &recalled::score);
    hits.insert(place, std::move(one));
}

}  // namespace

std::string analysis_of(const std::vector<store::evolution_match>& matches) {
    if (matches.empty()) return "{}";
    std::string out = "{\"evolution_updates\":[";
    for (const auto& one : matches) {
        if (&one != &matches.front()) out += ',';
        insights::append_insight(out, one.insight);
        out.pop_back();
        out += ",\"relevance_score\":";
        append_json(out, json::value(one.score));
        out += '}';
    }
    return out += "]}";
}

evolution::evolution(store::store& s, const clock& time) : store_(s), clock_(time) {}

awaitable<recall_answer> evolution::enrich(recall_answer answer, recall_request wanted,
                                           std::vector<std::string> words) {
    if (words.empty()) co_return answer;
    auto matches = co_await store_.find_evolution(std::move(words), most_updates);
    if (matches.empty()) co_return answer;
    answer.analysis_json = analysis_of(matches);
    const auto count = wanted.count;
    std::set<std::string> there;
    for (const auto& hit : answer.memories)
        there.insert(hit.memory.id);
    for (auto& cited : co_await cited_in(std::move(matches), std::move(wanted)))
        if (there.insert(cited.memory.id).second)
            insert_by_score(answer.memories, std::move(cited));
    if (answer.memories.size() > count) answer.memories.resize(count);
    co_return answer;
}

// Of the best updates first; what is not here is left out.
awaitable<std::vector<recalled>> evolution::cited_in(std::vector<store::evolution_match> updates,
                                                     recall_request wanted) {
    std::vector<recalled> found;
    const auto now = clock_.now();
    std::size_t looked_up = 0;
    for (const auto& update : updates) {
        for (const auto& id : update.memory_ids) {
            if (++looked_up > most_cited) co_return found;
            auto memory = co_await store_.find_memory(id);
            if (!memory || !matches(*memory, wanted.filter)) continue;
            const auto signals = signals_of({.text = update.score,
                                             .time = memory->what.time.value_or(memory->created_at),
                                             .priority = memory->what.priority},
                                            now);
            const auto score = recall::relevance(signals, wanted.weights);
            if (score >= wanted.min_score) found.push_back({std::move(*memory), score, signals});
        }
    }
    co_return found;
}

}  // namespace memorypro::memory
