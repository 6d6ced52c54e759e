// UTC time in microseconds, and its RFC 3339 text.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace memorypro {

using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

// "2025-01-08T12:34:56.5Z", an offset instead of Z, a space instead of T, a date alone (midnight).
// Without a zone it is UTC. Digits beyond microseconds are cut. nullopt: not a time in years
// 0-9999.
std::optional<timestamp> parse_time(std::string_view text);

// "2025-01-08T12:34:56.500000Z"; parse_time gives the same instant back.
std::string format_time(timestamp);

// Until then, rounded up; zero when it is over.
inline std::chrono::milliseconds time_left(std::chrono::steady_clock::time_point until) {
    return std::max(
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()),
        std::chrono::milliseconds(0));
}

// Where the time comes from: the system, or a test.
class clock {
public:
    virtual ~clock() = default;
    virtual timestamp now() const = 0;
};

class system_clock final : public clock {
public:
    timestamp now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now());
    }
};

}  // namespace memorypro
