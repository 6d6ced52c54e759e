// How far a transfer is, on standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace memorypro::cli {

// A line of the terminal that is drawn over, and gone in the end.
class drawn_line {
public:
    explicit drawn_line(bool shown) : shown_(shown) {}
    ~drawn_line() { clear(); }
    drawn_line(const drawn_line&) = delete;
    drawn_line& operator=(const drawn_line&) = delete;

    bool is_due() const;  // shown, and drawn last a moment ago
    void draw(std::string_view text);
    void clear();

private:
    bool shown_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point next_{};
};

// "[#####     ]  50% ": `done` of `total`, which is not 0.
std::string progress_bar(std::uint64_t done, std::uint64_t total);

// "[#####     ]  50% 1.2 MiB 3400 memories"; without a total only the counts.
std::string progress_line(std::uint64_t bytes, std::uint64_t count,
                          std::optional<std::uint64_t> total);

class progress {
public:
    // Draws nothing unless `shown`. `total`: bytes to come, when known.
    progress(bool shown, std::optional<std::uint64_t> total) : line_(shown), total_(total) {}

    // `piece` has passed; each of its lines is a memory.
    void advance(std::string_view piece);

    std::uint64_t count() const { return count_; }

private:
    drawn_line line_;
    std::optional<std::uint64_t> total_;
    std::uint64_t bytes_ = 0;
    std::uint64_t count_ = 0;
};

}  // namespace memorypro::cli
