#pragma once

#include "base/result.hpp"

namespace memorypro::daemon {

// A socket cannot be listened on; the text says which and why.
class cannot_listen : public failed {
public:
    using failed::failed;
};

}  // namespace memorypro::daemon
