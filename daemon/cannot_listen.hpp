#pragma once

#include <utility>

#include "base/result.hpp"
#include "http/listener.hpp"

namespace memorypro::daemon {

// A socket cannot be listened on; the text says which and why.
class cannot_listen : public failed {
public:
    using failed::failed;
};

// What was made, or throws why it was not.
inline http::listener opened(result<http::listener> listener) {
    if (!listener) throw cannot_listen(listener.error());
    return std::move(*listener);
}

}  // namespace memorypro::daemon
