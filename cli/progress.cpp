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

bool drawn_line::is_due() const {
    return shown_ && std::chrono::steady_clock::now() >= next_;
}

void drawn_line::draw(std::string_view text) {
    if (!shown_) return;
    next_ = std::chrono::steady_clock::now() + redraw_interval;
    drawn_ = true;
    std::cerr << clear_line << text << std::flush;
}

void drawn_line::clear() {
    if (drawn_) std::cerr << clear_line << std::flush;
    drawn_ = false;
}

std::string progress_bar(std::uint64_t done, std::uint64_t total) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto filled = static_cast<std::size_t>(share * bar_width);
    return fmt::format("[{:<{}}] {:3.0f}% ", std::string(filled, '#'), bar_width, share * 100);
}

std::string progress_line(std::uint64_t bytes, std::uint64_t count,
                          std::optional<std::uint64_t> total) {
    const auto counts =
        fmt::format("{} {} {}", human_bytes(bytes), count, count == 1 ? "memory" : "memories");
    return total && *total > 0 ? progress_bar(bytes, *total) + counts : counts;
}

void progress::advance(std::string_view piece) {
    bytes_ += piece.size();
    count_ += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
    if (line_.is_due()) line_.draw(progress_line(bytes_, count_, total_));
}

}  // namespace memorypro::cli
