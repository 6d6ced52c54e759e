// Bodies of the local API: parsed, written and parsed again they are the same, and no line of an
// import is lost, however it arrives.
#include <fuzzer/FuzzedDataProvider.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "api/ndjson.hpp"
#include "base/json_check.hpp"
#include "fuzz/require.hpp"
#include "fuzz/same_json.hpp"
#include "memory/body.hpp"
#include "memory/text.hpp"

namespace memorypro {
namespace {

using fuzz::require;
using fuzz::same_json;

constexpr std::size_t most_bytes = 512;  // of content: small, so that inputs go beyond it

void the_text_holds_the_value(const json::object& body) {
    const auto text = to_json(body);
    const auto again = parse_object(text);
    require(again.has_value(), "a body was written that cannot be read");
    require(same_json(to_json(*again), text), "a body read again is another");
}

void limits_are_kept(std::string_view text, std::size_t deepest, std::size_t most) {
    const auto whole = parse_object(text, deepest);
    const auto within = parse_object_within(text, deepest, most);
    require(!within || whole.has_value(), "what is no body was read within a limit");
    require(!within || *within == *whole, "another body was read within a limit");
    const auto unbounded = parse_object_within(text, deepest, std::size_t{1} << 30U);
    require(unbounded.has_value() == whole.has_value(), "a body is one under no limit only");
    require(!is_object(text, deepest) || whole, "it is an object for the quick check only");
    if (!whole)
        require(!whole.error().detail.empty(), "a refusal without a word");
    else
        require(parse_object(text, deepest + 1).has_value(), "a deeper limit refuses more");
}

bool same_content(store::memory_content a, store::memory_content b) {
    for (const auto text :
         {&store::memory_content::metadata_json, &store::memory_content::extra_json}) {
        if (!same_json(a.*text, b.*text)) return false;
        (a.*text).clear();
        (b.*text).clear();
    }
    return a == b;
}

void an_export_is_an_import(const json::object& body) {
    for (const auto kind :
         {memory::body_of::store, memory::body_of::sync, memory::body_of::import}) {
        const auto given = memory::parse_memory(body, kind, most_bytes);
        if (!given) {
            require(!given.error().fields.empty(), "a refusal that names no field");
            continue;
        }
        require(given->what.content.size() <= most_bytes, "content beyond its limit");
        store::memory kept{.id = given->id.value_or("id"),
                           .what = given->what,
                           .created_at = given->created_at.value_or(timestamp()),
                           .archived = given->archived};
        kept.what.time = kept.what.time.value_or(kept.created_at);
        std::string line;
        memory::append_memory(line, kept);
        // The id and the times that were not given make the line deeper by nothing.
        const auto exported = parse_object(line);
        require(exported.has_value(), "an exported memory is no JSON");
        const auto again = memory::parse_memory(*exported, memory::body_of::import, most_bytes);
        require(again.has_value(), "an exported memory cannot be imported");
        require(same_content(again->what, kept.what), "an imported memory is another");
        require(again->id == kept.id && again->created_at == kept.created_at &&
                    again->archived == kept.archived,
                "an imported memory has lost what the export knew");
    }
}

void other_bodies(const json::object& body) {
    const auto patch = memory::parse_patch(body, most_bytes);
    require(patch || !patch.error().fields.empty(), "a refused patch names no field");
    require(!patch || !patch->content || patch->content->size() <= most_bytes,
            "content beyond its limit");
    const auto recall = memory::parse_recall(body);
    require(recall || !recall.error().fields.empty(), "a refused recall names no field");
    if (!recall) return;
    require(!recall->query.empty(), "a recall without a query");
    require(recall->count >= 1 && recall->count <= memory::most_recalled,
            "a count beyond its limits");
    require(recall->min_score >= 0 && recall->min_score <= 1, "a score beyond its limits");
}

struct line {
    std::string text;
    bool too_long = false;
    bool operator==(const line&) const = default;
};

std::vector<line> lines_of(std::string_view text, FuzzedDataProvider* cuts, std::size_t longest) {
    api::line_splitter splitter(longest);
    std::vector<line> lines;
    while (!text.empty()) {
        const auto piece = text.substr(
            0, cuts ? cuts->ConsumeIntegralInRange<std::size_t>(1, text.size()) : text.size());
        text.remove_prefix(piece.size());
        splitter.add(std::string(piece));
        while (auto found = splitter.next()) {
            require(found->number == lines.size() + 1, "lines are not numbered one by one");
            lines.push_back({std::move(found->text), found->too_long});
        }
    }
    if (auto found = splitter.last()) lines.push_back({std::move(found->text), found->too_long});
    for (const auto& one : lines)
        require(one.text.size() <= longest, "a line beyond its limit");
    return lines;
}

}  // namespace
}  // namespace memorypro

// The text is in front, so that a seed reads as what it is; where it is cut is taken from its end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace memorypro;
    const std::string text(reinterpret_cast<const char*>(data), size);
    FuzzedDataProvider choices(data, size);
    limits_are_kept(text, choices.ConsumeIntegralInRange<std::size_t>(1, most_depth),
                    choices.ConsumeIntegral<std::uint16_t>());

    const auto longest = choices.ConsumeIntegralInRange<std::size_t>(1, 256);
    const auto whole = lines_of(text, nullptr, longest);
    require(lines_of(text, &choices, longest) == whole, "where an import is cut changes its lines");

    auto lines = lines_of(text, nullptr, size + 1);
    lines.push_back({text});
    for (const auto& one : lines) {
        const auto body = parse_object(one.text);
        if (!body) continue;
        the_text_holds_the_value(*body);
        an_export_is_an_import(*body);
        other_bodies(*body);
    }
    return 0;
}
