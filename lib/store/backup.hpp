// A copy of everything that is kept, as one file, while stores and recalls go on.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/result.hpp"

namespace memorypro::store {

// What was committed when the first call was made is in it, and nothing else. One call at a time.
// It may outlive its store. A call throws when the disk fails: what has been read is then no
// backup, and whoever was sent it must be able to tell.
class backup {
public:
    virtual ~backup() = default;

    // Copies some more; false: the copy is complete. `full`: there is no room for it.
    virtual awaitable<result<bool>> copy_some() = 0;

    // Then the file, piece by piece; empty at its end.
    virtual awaitable<std::string> read_some() = 0;

    // The last call, at any point: frees what it takes on the disk, which may take a while. What
    // was not discarded goes with the object, or with the next start.
    virtual awaitable<> discard() = 0;
};

}  // namespace memorypro::store
