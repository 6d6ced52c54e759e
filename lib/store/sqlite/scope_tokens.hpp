// The words that stand in the text index for a memory's user, agent and session, so that it finds
// what is in one of them and holds a word without looking at all that hold it.
#pragma once

#include <string>

#include "store/memory.hpp"
#include "store/sqlite/filter.hpp"

namespace memorypro::store::sqlite {

// Of ASCII letters and digits: a word to every tokenizer, and the same to every stemmer.
std::string scope_token(scope, const std::string& value);

// Those of a memory, as the view memory_texts has them.
std::string scope_tokens(const memory_content&);

}  // namespace memorypro::store::sqlite
