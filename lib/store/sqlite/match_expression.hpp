// What a full-text search is asked with.
#pragma once

#include <string>
#include <vector>

namespace memorypro::store::sqlite {

// FTS5's expression for any of the words, which are text to it and never syntax. There is one.
std::string match_any(const std::vector<std::string>& words);

}  // namespace memorypro::store::sqlite
