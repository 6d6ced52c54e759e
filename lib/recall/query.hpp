// What a question is searched by: its words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memorypro::recall {

// The words that say something, in their order, each once, at most 64 of them: a question's
// function words
// ("what did I say about …") are left out unless there is nothing else. Letters of any script
// belong to words; punctuation and whatever looks like a query language separates them. May be
// empty.
std::vector<std::string> query_words(std::string_view query);

}  // namespace memorypro::recall
