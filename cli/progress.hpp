// How far a transfer is, on standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace memorypro::cli {

// "[#####     ] 50% 1.2 MiB 3400 memories"; without a total only the counts.
std::string progress_line(std::uint64_t bytes, std::uint64_t count,
                          std::optional<std::uint64_t> total);

class progress {
public:
    // Draws nothing unless `shown`. `total`: bytes to come, when known.
    progress(bool shown, std::optional<std::uint64_t> total) : shown_(shown), total_(total) {}
    ~progress();  // leaves a clean line
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    // `piece` has passed; each of its lines is a memory.
    void advance(std::string_view piece);

    std::uint64_t count() const { return count_; }

private:
    bool shown_;
    bool drawn_ = false;
    std::optional<std::uint64_t> total_;
    std::uint64_t bytes_ = 0;
    std::uint64_t count_ = 0;
    std::chrono::steady_clock::time_point next_{};
};

}  // namespace memorypro::cli
