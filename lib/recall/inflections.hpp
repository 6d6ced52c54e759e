// The irregular forms of English words, which stemming does not bring together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memorypro::recall {

// The word, then those that are the same word in another form: "bought" → bought, buy. Regular
// forms are left to the stemmer, but lead here too: "buying" → buying, buy, bought.
std::vector<std::string> inflections(std::string_view word);

}  // namespace memorypro::recall
