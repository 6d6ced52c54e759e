#include "sync/store_trouble.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace memorypro::sync {

void store_trouble::report(std::string_view what, const std::exception& failure) {
    const bool known = lasts();
    over_ = std::chrono::steady_clock::now() + rest;
    if (!known) spdlog::error("{}: {}; trying again", what, failure.what());
}

std::chrono::milliseconds store_trouble::remaining() const {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(over_ - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0));
}

}  // namespace memorypro::sync
