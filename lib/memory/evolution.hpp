// What the cloud has learned about memories, for a recall that is answered here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/time.hpp"
#include "memory/body.hpp"
#include "memory/recall_answer.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

// {"evolution_updates":[…]}: each as the API shows an insight, with its relevance_score; {}
// without.
std::string analysis_of(const std::vector<store::evolution_match>&);

class evolution {
public:
    evolution(store::store&, const clock&);

    // Adds the memories that updates which match the words cite to the answer's memories: with the
    // update's score for their text, where they pass the filter; one that is there already keeps
    // the better score. Then the updates themselves to its analysis: those that cite a memory of
    // the answer, or pass the filter by their user.
    awaitable<recall_answer> enrich(recall_answer, recall_request, std::vector<std::string> words);

private:
    using cited_memories = std::map<std::string, store::memory>;  // by the id that was cited
    awaitable<cited_memories> find_cited(std::vector<std::string> ids);

    store::store& store_;
    const clock& clock_;
};

}  // namespace memorypro::memory
