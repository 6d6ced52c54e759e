// A document of the cloud, pushed or polled, taken apart into its items (DESIGN §8): pure.
//
// The same things come in several shapes: the three keys at the top level, under "insights", or an
// envelope {"event_type", "data": {…}}. An item's payload is canonical JSON (members sorted, no
// white space), so that what comes twice is the same text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "store/insight.hpp"

namespace memorypro::insights {

struct item {
    store::insight_kind kind = store::insight_kind::unknown;
    std::string payload;
    // In the document: the payload, null for `unknown`, and the user that its envelope names.
    const json::object* object = nullptr;
    const json::value* user = nullptr;
};

// Beyond so many of a document the rest is one `unknown` item, the list of them.
inline constexpr std::size_t most_items = 10'000;

// The event_type of a delivery that only tries whether it arrives: there is nothing in it.
inline constexpr std::string_view test_event_type = "webhook_test";
bool is_test(const json::object& document);

// In the document's order. What is not understood is one `unknown` item: the whole document where
// its event_type is unknown, whatever else is in it, or where nothing in it is understood; else the
// member that is not.
std::vector<item> read_items(const json::object& document);

std::string canonical_json(const json::value&);

}  // namespace memorypro::insights
