// Request targets: the path and query of a request.
#pragma once

#include <string>
#include <string_view>

namespace memorypro::cli {

// RFC 3986: everything but unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

class target {
public:
    explicit target(std::string path) : text_(std::move(path)) {}

    // One more path segment. Ids are opaque: any characters, but never empty.
    // Throws failure (usage) for an empty one, which would name the whole collection.
    target& segment(std::string_view id);

    target& parameter(std::string_view name, std::string_view value);

    const std::string& text() const { return text_; }

private:
    std::string text_;
    bool has_query_ = false;
};

}  // namespace memorypro::cli
