#include "recall/inflections.hpp"

#include <algorithm>
#include <array>

namespace memorypro::recall {
namespace {

// The base first. Left out: function words, and forms that are more often another word ("lay",
// "rung", "bound", "leaves").
constexpr auto families = std::to_array<std::string_view>({
    "become became",
    "begin began begun",
    "bend bent",
    "bite bit bitten",
    "bleed bled",
    "blow blew blown",
    "break broke broken",
    "breed bred",
    "bring brought",
    "build built",
    "burn burnt",
    "buy bought",
    "catch caught",
    "child children",
    "choose chose chosen",
    "come came",
    "deal dealt",
    "dig dug",
    "draw drew drawn",
    "dream dreamt",
    "drink drank drunk",
    "drive drove driven",
    "eat ate eaten",
    "fall fell fallen",
    "feed fed",
    "feel felt",
    "fight fought",
    "find found",
    "fly flew flown",
    "foot feet",
    "forget forgot forgotten",
    "forgive forgave forgiven",
    "freeze froze frozen",
    "get got gotten",
    "give gave given",
    "go went gone",
    "goose geese",
    "grow grew grown",
    "half halves",
    "hang hung",
    "hear heard",
    "hide hid hidden",
    "hold held",
    "keep kept",
    "knife knives",
    "know knew known",
    "lead led",
    "learn learnt",
    "leave left",
    "lend lent",
    "light lit",
    "lose lost",
    "make made",
    "man men",
    "mean meant",
    "meet met",
    "mouse mice",
    "pay paid",
    "person people",
    "ride rode ridden",
    "rise rose risen",
    "run ran",
    "say said",
    "see saw seen",
    "seek sought",
    "sell sold",
    "send sent",
    "sew sewn",
    "shake shook shaken",
    "shelf shelves",
    "shine shone",
    "shoot shot",
    "show shown",
    "sing sang sung",
    "sink sank sunk",
    "sit sat",
    "sleep slept",
    "slide slid",
    "speak spoke spoken",
    "spend spent",
    "spin spun",
    "stand stood",
    "steal stole stolen",
    "stick stuck",
    "strike struck",
    "swear swore sworn",
    "sweep swept",
    "swim swam swum",
    "swing swung",
    "take took taken",
    "teach taught",
    "tear tore torn",
    "tell told",
    "think thought",
    "throw threw thrown",
    "tooth teeth",
    "understand understood",
    "wake woke woken",
    "wear wore worn",
    "weave wove woven",
    "wife wives",
    "win won",
    "wolf wolves",
    "woman women",
    "write wrote written",
});

bool takes(std::string_view& rest, std::string_view word) {
    const auto next = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), next.size() + 1));
    return next == word;
}

bool holds(std::string_view family, std::string_view word) {
    while (!family.empty())
        if (takes(family, word)) return true;
    return false;
}

// What a regular form may be of: "goes", "buying", "writing", "running".
std::vector<std::string> bases(std::string_view word) {
    std::vector<std::string> found{std::string(word)};
    const auto without = [&](std::string_view ending) {
        return word.substr(0, word.size() - ending.size());
    };
    if (word.ends_with("s")) found.emplace_back(without("s"));
    if (word.ends_with("es")) found.emplace_back(without("es"));
    if (word.ends_with("ing") && word.size() > 4) {
        const std::string stem(without("ing"));
        found.push_back(stem);
        found.push_back(stem + 'e');
        if (stem.back() == stem[stem.size() - 2]) found.push_back(stem.substr(0, stem.size() - 1));
    }
    return found;
}

}  // namespace

std::vector<std::string> inflections(std::string_view word) {
    std::vector<std::string> forms{std::string(word)};
    for (const auto& base : bases(word)) {
        const auto family = std::ranges::find_if(
            families, [&base](std::string_view members) { return holds(members, base); });
        if (family == families.end()) continue;
        for (std::string_view rest = *family; !rest.empty();) {
            std::string member(rest.substr(0, rest.find(' ')));
            rest.remove_prefix(std::min(rest.size(), member.size() + 1));
            if (member != word) forms.push_back(std::move(member));
        }
        break;
    }
    return forms;
}

}  // namespace memorypro::recall
