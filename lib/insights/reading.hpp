// An item of the cloud as the store takes it: what it is about, and what applying it does. Pure.
//
// Lenient, since the cloud's words change faster than this: a field that is missing or of another
// type is as if it was not there, and the payload is always kept whole.
#pragma once

#include <vector>

#include "config/settings.hpp"
#include "insights/items.hpp"
#include "store/insight.hpp"

namespace memorypro::insights {

// An item that is about more memories is kept as `unknown`: applying it would hold up all others.
inline constexpr std::size_t most_memory_ids = 1'000;

// MEMORYPRO_LIFECYCLE, _EVOLUTION and _AI_ANALYSIS of the settings decide what is applied.
store::new_insight read_insight(item, const config::settings&);

std::vector<store::new_insight> read_document(const json::object&, const config::settings&);

// Never nothing: whatever was accepted leaves a trace.
std::vector<store::new_insight> read_delivery(const store::delivery&, const config::settings&);

// The delivery's text as one `unknown` insight, for when what it holds cannot be recorded.
store::new_insight as_unknown(const store::delivery&);

}  // namespace memorypro::insights
