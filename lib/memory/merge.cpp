#include "memory/merge.hpp"

#include <algorithm>
#include <set>

#include "memory/match.hpp"

namespace memorypro::memory {
namespace {

// The session is part of the cloud's own contract: an answer that does not name it has obeyed it.
bool passes(const cloud::found& hit, const store::memory_filter& wanted) {
    if (hit.names_session || !wanted.session_id) return matches(hit.memory, wanted);
    auto rest = wanted;
    rest.session_id.reset();
    return matches(hit.memory, rest);
}

// The memory as it is here; nullopt: it must not be shown.
std::optional<store::memory> as_known(cloud::found hit, const store::known_memory& known,
                                      const store::memory_filter& wanted) {
    if (known.deleted) return std::nullopt;
    if (known.copy) return matches(*known.copy, wanted) ? known.copy : std::nullopt;
    if (known.archived) hit.memory.archived = true;
    if (!passes(hit, wanted)) return std::nullopt;
    if (known.local_id) hit.memory.id = *known.local_id;
    return std::move(hit.memory);
}

// The cloud may have a memory whose id we were never told: its answer was lost on the way, and it
// still waits here.
bool same_but_for_the_id(const store::memory& a, const store::memory& b) {
    return a.what.content == b.what.content && a.what.time == b.what.time &&
           a.what.user_id == b.what.user_id && a.what.agent_id == b.what.agent_id &&
           a.what.session_id == b.what.session_id;
}

// What was found here and is not among the hits yet. Of a twin the memory here takes the hit's
// place. Of an edited memory the better score counts: the cloud finds it by what it was.
std::vector<recalled> unmatched(std::vector<recalled> waiting, std::vector<recalled>& hits) {
    std::vector<recalled> rest;
    for (auto& mine : waiting) {
        const auto same = std::ranges::find_if(
            hits, [&mine](const recalled& hit) { return hit.memory.id == mine.memory.id; });
        const bool synced = mine.memory.sync_state == store::sync_state::synced;
        if (same != hits.end()) {
            if (!synced || mine.score <= same->score) continue;
            rest.push_back({std::move(same->memory), mine.score, mine.signals});
            hits.erase(same);
            continue;
        }
        const auto twin = std::ranges::find_if(hits, [&mine](const recalled& hit) {
            return same_but_for_the_id(hit.memory, mine.memory);
        });
        // The cloud's id of a synced memory is known: what says the same there is another.
        if (twin == hits.end() || synced)
            rest.push_back(std::move(mine));
        else
            twin->memory = std::move(mine.memory);
    }
    return rest;
}

}  // namespace

std::vector<double> scores_of(const std::vector<cloud::found>& found) {
    const auto first =
        std::ranges::find_if(found, [](const auto& hit) { return hit.score.has_value(); });
    std::vector<double> scores;
    scores.reserve(found.size());
    double last = first != found.end() ? std::clamp(*first->score, 0.0, 1.0) : 1;
    for (const auto& hit : found) {
        if (hit.score) last = std::min(last, std::clamp(*hit.score, 0.0, 1.0));
        if (first == found.end()) last = 1 / static_cast<double>(scores.size() + 1);
        scores.push_back(last);
    }
    return scores;
}

recall_answer merge(const recall_request& wanted, std::vector<cloud::found> found,
                    const std::vector<store::known_memory>& known, std::vector<recalled> waiting) {
    recall_answer answer;
    answer.source = waiting.empty() ? answered_by::cloud : answered_by::merged;
    const auto scores = scores_of(found);
    std::vector<recalled> hits;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (scores[i] < wanted.min_score) break;
        auto shown = as_known(std::move(found[i]), known[i], wanted.filter);
        if (shown && seen.insert(shown->id).second)
            hits.push_back({std::move(*shown), scores[i], std::nullopt});
    }
    waiting = unmatched(std::move(waiting), hits);
    // Both are in order; of equals the cloud's come first.
    std::merge(std::move_iterator(hits.begin()), std::move_iterator(hits.end()),
               std::move_iterator(waiting.begin()), std::move_iterator(waiting.end()),
               std::back_inserter(answer.memories),
               [](const recalled& a, const recalled& b) { return a.score > b.score; });
    if (answer.memories.size() > wanted.count) answer.memories.resize(wanted.count);
    return answer;
}

}  // namespace memorypro::memory
