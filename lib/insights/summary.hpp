// Memory insights computed here, for when there is no cloud to think about the memories: pure.
#pragma once

#include "base/json.hpp"
#include "store/store.hpp"
#include "store/survey.hpp"

namespace memorypro::insights {

// A survey looks at so many memories, the newest.
inline constexpr std::size_t surveyed_memories = 10'000;
inline constexpr std::size_t most_pattern_values = 10;

// The cloud's document with `memory_insights` only: totals, a health score with what it means in
// words, and what occurs most often. Names and counts, never a memory's content.
json::object summarize(const store::totals&, const store::survey&);

}  // namespace memorypro::insights
