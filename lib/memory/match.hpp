// Whether a memory satisfies a filter: what the store asks of its rows, asked of a memory in hand.
#pragma once

#include "store/memory.hpp"

namespace memorypro::memory {

// A field that the memory does not have satisfies no condition.
bool matches(const store::memory&, const store::memory_filter&);

}  // namespace memorypro::memory
