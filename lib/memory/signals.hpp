// What a memory's relevance is computed from.
#pragma once

#include "recall/score.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

inline recall::signals signals_of(const store::candidate& c, timestamp now) {
    return {.text = c.text,
            .recency = recall::recency(now - c.time),
            .responsibility = static_cast<double>(c.priority) / 3};
}

}  // namespace memorypro::memory
