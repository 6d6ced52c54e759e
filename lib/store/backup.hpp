// A copy of everything that is kept, as one file, while stores and recalls go on.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/result.hpp"

namespace memorypro::store {

// What was committed when the first call was made is in it, and nothing else. One call at a time.
// It may outlive its store. What it takes on the disk goes with it, or with the next start.
class backup {
public:
    virtual ~backup() = default;

    // Copies some more; false: the copy is complete. `full`: there is no room for it.
    virtual awaitable<result<bool>> copy_some() = 0;

    // Then the file, piece by piece; empty at its end.
    virtual awaitable<std::string> read_some() = 0;
};

}  // namespace memorypro::store
