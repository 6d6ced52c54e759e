// How many lines strangers can make the log grow by: a flood of refused requests is told of, not
// written out.
#pragma once

#include <chrono>
#include <cstddef>
#include <utility>

namespace memorypro::http {

class log_budget {
public:
    using time_point = std::chrono::steady_clock::time_point;

    static constexpr std::size_t lines = 20;
    static constexpr std::chrono::seconds in{10};

    // Whether one more line may be written; if not, it is counted as withheld.
    bool take(time_point now) {
        if (now - begun_ >= in) {
            begun_ = now;
            taken_ = 0;
        }
        if (taken_ < lines) {
            ++taken_;
            return true;
        }
        ++withheld_;
        return false;
    }

    // Since it was last asked for.
    std::size_t withheld() { return std::exchange(withheld_, 0); }

private:
    time_point begun_{};
    std::size_t taken_ = 0;
    std::size_t withheld_ = 0;
};

}  // namespace memorypro::http
