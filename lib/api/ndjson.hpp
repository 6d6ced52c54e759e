// Lines out of a stream of pieces.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace memorypro::api {

class line_splitter {
public:
    explicit line_splitter(std::size_t longest) : longest_(longest) {}

    // Call next() until it has nothing before each add().
    void add(std::string piece);

    struct line {
        std::size_t number = 0;  // from 1
        std::string text;        // without its end; empty when it is too long
        bool too_long = false;
    };
    // The next complete line.
    std::optional<line> next();

    // What is left when the stream has ended: a last line without an end.
    std::optional<line> last();

private:
    line take(std::string_view more);

    std::size_t longest_;
    std::size_t lines_ = 0;
    std::string piece_;
    std::size_t position_ = 0;
    std::string begun_;  // of a line that goes on in the next piece
    bool too_long_ = false;
};

}  // namespace memorypro::api
