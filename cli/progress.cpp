#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "cli/text.hpp"

namespace memorypro::cli {

namespace {

constexpr std::size_t bar_width = 24;
constexpr std::chrono::milliseconds redraw_interval{100};
constexpr std::string_view clear_line = "\r\x1b[K";

}  // namespace

std::string progress_line(std::uint64_t bytes, std::uint64_t count,
                          std::optional<std::uint64_t> total) {
    const auto counts =
        fmt::format("{} {} {}", human_bytes(bytes), count, count == 1 ? "memory" : "memories");
    if (!total || *total == 0) return counts;
    const double share = std::min(1.0, static_cast<double>(bytes) / static_cast<double>(*total));
    const auto filled = static_cast<std::size_t>(share * bar_width);
    return fmt::format("[{:<{}}] {:3.0f}% {}", std::string(filled, '#'), bar_width, share * 100,
                       counts);
}

void progress::advance(std::string_view piece) {
    bytes_ += piece.size();
    count_ += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now < next_) return;
    next_ = now + redraw_interval;
    drawn_ = true;
    std::cerr << clear_line << progress_line(bytes_, count_, total_) << std::flush;
}

progress::~progress() {
    if (drawn_) std::cerr << clear_line << std::flush;
}

}  // namespace memorypro::cli
