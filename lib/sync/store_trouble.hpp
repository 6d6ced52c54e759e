// What a failure of the store does to the worker: for a moment it claims and sends nothing, and one
// line is logged, however many lanes met it.
#pragma once

#include <chrono>
#include <exception>
#include <string_view>

namespace memorypro::sync {

class store_trouble {
public:
    static constexpr std::chrono::milliseconds rest{1'000};

    void report(std::string_view what, const std::exception&);

    bool lasts() const { return remaining().count() > 0; }
    std::chrono::milliseconds remaining() const;

private:
    std::chrono::steady_clock::time_point over_;
};

}  // namespace memorypro::sync
