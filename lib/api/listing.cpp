#include "api/listing.hpp"

#include <charconv>

namespace memorypro::api {

std::int64_t item_id(const http::exchange& x) {
    const std::string& text = x.request.captures.at(0);
    std::int64_t id = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
    return failure == std::errc() && end == text.data() + text.size() ? id : 0;
}

}  // namespace memorypro::api
