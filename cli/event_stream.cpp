#include "cli/event_stream.hpp"

#include <utility>

namespace memorypro::cli {

void event_stream::feed(std::string_view piece) {
    for (auto end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
        line_ += piece.substr(0, end);
        if (line_.ends_with('\r')) line_.pop_back();
        take_line(line_);
        line_.clear();
        piece.remove_prefix(end + 1);
    }
    line_ += piece;
}

void event_stream::begin_after(std::string id) {
    if (!id.empty()) last_id_ = std::move(id);
    restart();
}

void event_stream::restart() {
    line_.clear();
    pending_ = {last_id_, {}, {}};
    has_data_ = false;
}

void event_stream::take_line(std::string_view line) {
    if (line.empty()) {
        last_id_ = pending_.id;
        if (has_data_) {
            if (pending_.name.empty()) pending_.name = "message";
            deliver_(pending_);
        }
        pending_ = {last_id_, {}, {}};
        has_data_ = false;
        return;
    }
    const auto colon = line.find(':');
    if (colon == 0) return;  // a comment: the heartbeat
    const auto name = line.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);

    if (name == "id") {
        pending_.id = value;
    } else if (name == "event") {
        pending_.name = value;
    } else if (name == "data") {
        if (has_data_) pending_.data += '\n';
        pending_.data += value;
        has_data_ = true;
    }
}

}  // namespace memorypro::cli
