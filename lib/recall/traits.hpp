// What a memory's text shows at a glance, beside its words.
#pragma once

#include <cstdint>
#include <string_view>

#include "recall/question.hpp"

namespace memorypro::recall {

struct traits {
    // Bit n: term n of the question is in the label: "Lena" of "Lena: I am allergic to peanuts".
    std::uint64_t label_terms = 0;
    bool asks = false;        // it ends as a question; a last remark in brackets aside
    bool tells_time = false;  // it says when: "yesterday", "last week", "in May", "2023"
};

inline constexpr std::size_t most_looked_at = 4096;  // bytes of a text

// Of the text's beginning, where it is longer. Whether it tells a time is looked at where the
// question asks for one.
traits traits_of(std::string_view content, const question&);

}  // namespace memorypro::recall
