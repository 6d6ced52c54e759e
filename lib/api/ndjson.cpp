#include "api/ndjson.hpp"

#include <utility>

namespace memorypro::api {

void line_splitter::add(std::string piece) {
    piece_ = std::move(piece);
    position_ = 0;
}

line_splitter::line line_splitter::take(std::string_view more) {
    too_long_ = too_long_ || begun_.size() + more.size() > longest_;
    line found{.number = ++lines_, .text = std::exchange(begun_, {}), .too_long = too_long_};
    if (std::exchange(too_long_, false)) {
        found.text.clear();
    } else {
        found.text += more;
        if (found.text.ends_with('\r')) found.text.pop_back();
    }
    return found;
}

std::optional<line_splitter::line> line_splitter::next() {
    const std::string_view rest = std::string_view(piece_).substr(position_);
    const auto end = rest.find('\n');
    if (end != std::string_view::npos) {
        position_ += end + 1;
        return take(rest.substr(0, end));
    }
    too_long_ = too_long_ || begun_.size() + rest.size() > longest_;
    if (too_long_) {
        begun_.clear();
    } else {
        begun_ += rest;
    }
    position_ = piece_.size();
    return std::nullopt;
}

std::optional<line_splitter::line> line_splitter::last() {
    if (begun_.empty() && !too_long_) return std::nullopt;
    return take({});
}

}  // namespace memorypro::api
