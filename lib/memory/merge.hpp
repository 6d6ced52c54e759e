// One answer out of what the cloud recalled and what waits here for the cloud: pure.
#pragma once

#include <vector>

#include "cloud/wire.hpp"
#include "memory/body.hpp"
#include "memory/recall_answer.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

// `known` has an entry for each of `found`; `waiting` was filtered and scored here, best first.
//
// What was deleted here is left out, what has a copy here is shown as that copy, what has an id
// here is shown under it. The filter and the least score hold for what the cloud gave too: it may
// not know our filters. A memory that both sides have is one.
recall_answer merge(const recall_request&, std::vector<cloud::found>,
                    const std::vector<store::known_memory>& known, std::vector<recalled> waiting);

// The scores as the cloud gave them, within 0 to 1 and never rising, so that its order stays. One
// that is missing is that of its neighbour; without any they are 1, 1/2, 1/3, …
std::vector<double> scores_of(const std::vector<cloud::found>&);

}  // namespace memorypro::memory
