#include "sync/store_trouble.hpp"

#include "base/log.hpp"
#include "base/time.hpp"

namespace memorypro::sync {

void store_trouble::report(std::string_view what, const std::exception& failure) {
    const bool known = lasts();
    over_ = std::chrono::steady_clock::now() + rest;
    if (!known) spdlog::error("{}: {}; trying again", what, failure.what());
}

std::chrono::milliseconds store_trouble::remaining() const {
    return time_left(over_);
}

}  // namespace memorypro::sync
