// What a question asks for, read out of its words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "recall/dates.hpp"

namespace memorypro::recall {

struct question {
    // A word and its other forms: any of them is the term. At most 64 terms.
    using term = std::vector<std::string>;
    std::vector<term> terms;  // none: nothing can answer it
    std::vector<period> periods;
    bool asks_when = false;
};

question read_question(std::string_view query, timestamp now);

}  // namespace memorypro::recall
