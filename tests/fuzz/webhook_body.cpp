// A webhook's body: whatever it holds becomes items, none of it is lost, and an item's payload read
// again is the same item.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/require.hpp"
#include "fuzz/same_json.hpp"
#include "insights/items.hpp"
#include "insights/reading.hpp"

namespace memorypro::insights {
namespace {

using fuzz::require;
using fuzz::same_json;

std::vector<std::string> payloads_of(const json::object& document) {
    std::vector<std::string> payloads;
    for (const auto& one : read_items(document))
        payloads.push_back(one.payload);
    return payloads;
}

json::object parse_again(std::string_view text) {
    auto again = parse_object(text, deepest_document);
    require(again.has_value(), "a document was written that cannot be read");
    return std::move(*again);
}

bool same_texts(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::ranges::equal(
        a, b, [](std::string_view x, std::string_view y) { return same_json(x, y); });
}

// The text that a repeat is told by.
void canonical_text_is_stable(const json::object& document) {
    const auto canonical = canonical_json(document);
    const auto again = parse_again(canonical);
    require(same_json(canonical_json(again), canonical),
            "the canonical text of a canonical text is another");
    require(same_texts(payloads_of(again), payloads_of(document)),
            "the order of members changes the items");
}

void every_element_is_an_item(const json::object& document) {
    const auto payloads = payloads_of(document);
    if (payloads == std::vector{canonical_json(document)}) return;  // kept as it came
    for (const std::string_view name : {"evolution_updates", "lifecycle_recommendations",
                                        "memory_insights", "discovered_actions"}) {
        const auto* list = document.if_contains(name);
        if (!list || !list->is_array()) continue;
        for (const auto& element : list->get_array()) {
            if (element.is_object() && element.get_object().empty()) continue;
            require(std::ranges::find(payloads, canonical_json(element)) != payloads.end(),
                    "an element of a list is in no item");
        }
    }
}

// The same things under "insights" are the same items.
void nesting_changes_nothing(const json::object& document) {
    if (document.contains("insights") || document.contains("data") ||
        document.contains("event_type"))
        return;
    const auto flat = payloads_of(document);
    if (flat.empty()) return;
    const json::object nested{{"insights", document}};
    require(payloads_of(nested) == flat, "items are lost under \"insights\"");
    // An envelope has more names for them.
    if (document.contains("updates") || document.contains("recommendations") ||
        document.contains("actions"))
        return;
    const json::object enveloped{{"event_type", "memory_insights"}, {"data", document}};
    require(payloads_of(enveloped) == flat, "items are lost in an envelope");
}

void a_payload_is_its_object(const json::object& document) {
    for (const auto& one : read_items(document)) {
        if (!one.object) continue;
        require(canonical_json(*one.object) == one.payload, "a payload is not its object's text");
        require(same_json(canonical_json(parse_again(one.payload)), one.payload),
                "a payload read again is another");
    }
}

void a_delivery_leaves_a_trace(std::string body, const json::object* document) {
    const config::settings settings;
    const auto insights = read_delivery({"id", std::move(body), {}}, settings);
    require(!insights.empty(), "a delivery left no trace");
    for (const auto& one : insights) {
        require(one.digest != decltype(one.digest){}, "an insight has no digest");
        require(!one.payload_json.empty(), "an insight has no payload");
    }
    if (document)
        require(insights.size() == std::max<std::size_t>(1, read_items(*document).size()),
                "an item became no insight");
}

}  // namespace
}  // namespace memorypro::insights

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace memorypro;
    using namespace memorypro::insights;
    const std::string body(reinterpret_cast<const char*>(data), size);
    const auto document = parse_object(body, deepest_document);
    a_delivery_leaves_a_trace(body, document ? &*document : nullptr);
    if (!document) return 0;
    canonical_text_is_stable(*document);
    every_element_is_an_item(*document);
    nesting_changes_nothing(*document);
    a_payload_is_its_object(*document);
    return 0;
}
