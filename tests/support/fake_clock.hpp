// A clock that moves when the test says so.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string_view>

#include "base/time.hpp"

namespace memorypro::test {

// A time that the test's author wrote down.
inline timestamp at(std::string_view text) {
    const auto parsed = parse_time(text);
    if (!parsed) throw std::logic_error("not a time: " + std::string(text));
    return *parsed;
}

// Of a fake clock that nobody has set.
inline const timestamp noon = at("2025-01-08T12:00:00Z");

class fake_clock final : public clock {
public:
    timestamp now() const override { return timestamp(std::chrono::microseconds(now_)); }
    void set(timestamp to) { now_ = to.time_since_epoch().count(); }
    void advance(std::chrono::microseconds by) { now_ += by.count(); }

private:
    // The store asks on its own thread.
    std::atomic<std::int64_t> now_ = noon.time_since_epoch().count();
};

}  // namespace memorypro::test
