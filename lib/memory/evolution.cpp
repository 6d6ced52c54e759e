#include "memory/evolution.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "base/json.hpp"
#include "insights/text.hpp"
#include "memory/match.hpp"

namespace memorypro::memory {
namespace {

constexpr std::size_t most_updates = 5;
constexpr std::size_t most_considered = 16;  // for a filter lets only some of them through
constexpr std::size_t most_cited = 32;

// They are best first; of equals the later one comes later.
void insert_by_score(std::vector<recalled>& hits, recalled one) {
    const auto place = std::ranges::upper_bound(hits, one.score, std::greater(), &recalled::score);
    hits.insert(place, std::move(one));
}

// Of the best updates first.
std::vector<std::string> ids_cited_in(const std::vector<store::evolution_match>& updates) {
    std::vector<std::string> ids;
    for (const auto& update : updates)
        for (const auto& id : update.memory_ids)
            if (ids.size() < most_cited) ids.push_back(id);
    return ids;
}

recalled recall_by(const store::evolution_match& update, store::memory memory,
                   const recall_request& wanted, timestamp now) {
    const auto time = memory.what.time.value_or(memory.created_at);
    const recall::signals signals{
        .text = update.score,
        .recency = recall::recency(now - time),
        .responsibility = static_cast<double>(memory.what.priority) / 3,
        .insight = update.score,
    };
    const auto score = recall::relevance(signals, wanted.weights);
    return {std::move(memory), score, signals};
}

// As for a memory, what an update does not have satisfies no condition; and it has nothing that
// could be asked for but its user.
bool passes(const store::evolution_match& update, store::memory_filter filter) {
    if (filter.user_id && update.user_id != filter.user_id) return false;
    filter.user_id.reset();
    filter.include_archived = false;
    return filter == store::memory_filter{};
}

std::set<std::string> ids_in(const std::vector<recalled>& hits) {
    std::set<std::string> ids;
    for (const auto& hit : hits)
        ids.insert(hit.memory.id);
    return ids;
}

// One that is there already keeps the better of its scores.
void add_or_raise(std::vector<recalled>& hits, recalled one) {
    const auto same =
        std::ranges::find(hits, one.memory.id, [](const recalled& hit) { return hit.memory.id; });
    if (same != hits.end()) {
        if (same->score >= one.score) return;
        auto signals = same->signals.value_or(*one.signals);
        signals.text = one.signals->text;
        signals.insight = one.signals->insight;
        one.signals = signals;
        hits.erase(same);
    }
    insert_by_score(hits, std::move(one));
}

void add_cited(recall_answer& answer, const std::vector<store::evolution_match>& updates,
               const std::map<std::string, store::memory>& cited, const recall_request& wanted,
               timestamp now) {
    for (const auto& update : updates) {
        for (const auto& id : update.memory_ids) {
            const auto found = cited.find(id);
            if (found == cited.end() || !matches(found->second, wanted.filter)) continue;
            auto hit = recall_by(update, found->second, wanted, now);
            if (hit.score >= wanted.min_score) add_or_raise(answer.memories, std::move(hit));
        }
    }
    if (answer.memories.size() > wanted.count) answer.memories.resize(wanted.count);
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
    auto updates = co_await store_.find_evolution(std::move(words), most_considered);
    if (updates.empty()) co_return answer;
    const auto cited = co_await find_cited(ids_cited_in(updates));
    add_cited(answer, updates, cited, wanted, clock_.now());

    const auto there = ids_in(answer.memories);
    const auto is_there = [&](const std::string& id) {
        const auto found = cited.find(id);
        return there.contains(found == cited.end() ? id : found->second.id);
    };
    std::erase_if(updates, [&](const store::evolution_match& update) {
        return update.score < wanted.min_score ||
               !(std::ranges::any_of(update.memory_ids, is_there) || passes(update, wanted.filter));
    });
    if (updates.size() > most_updates) updates.resize(most_updates);
    answer.analysis_json = analysis_of(updates);
    co_return answer;
}

// What is not here is left out.
awaitable<evolution::cited_memories> evolution::find_cited(std::vector<std::string> ids) {
    cited_memories found;
    if (ids.empty()) co_return found;
    auto known = co_await store_.find_known(ids);
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (known[i].copy) found.emplace(std::move(ids[i]), std::move(*known[i].copy));
    co_return found;
}

}  // namespace memorypro::memory
