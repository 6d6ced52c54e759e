#include "cli/target.hpp"

#include <fmt/format.h>

#include "cli/failure.hpp"

namespace memorypro::cli {

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos)
            encoded += c;
        else
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

target& target::segment(std::string_view id) {
    if (id.empty()) throw failure(exit_code::usage, "an id must not be empty");
    text_ += '/' + percent_encoded(id);
    return *this;
}

target& target::parameter(std::string_view name, std::string_view value) {
    text_ += has_query_ ? '&' : '?';
    text_ += percent_encoded(name) + '=' + percent_encoded(value);
    has_query_ = true;
    return *this;
}

}  // namespace memorypro::cli
