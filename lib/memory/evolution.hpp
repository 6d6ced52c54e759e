// What the cloud has learned about memories, for a recall that is answered here.
#pragma once

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

    // Adds the updates that match the words to the answer's analysis, and the memories that they
    // cite to its memories: with the update's score for their text, where they pass the filter.
    awaitable<recall_answer> enrich(recall_answer, recall_request, std::vector<std::string> words);

private:
    awaitable<std::vector<recalled>> cited_in(std::vector<store::evolution_match>, recall_request);

    store::store& store_;
    const clock& clock_;
};

}  // namespace memorypro::memory
