#include "config/parse.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace memorypro::config {
namespace {

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value, base);
    if (failure != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::uint64_t unit_of(char suffix) {
    switch (suffix) {
        case 'K':
        case 'k':
            return std::uint64_t{1} << 10;
        case 'M':
        case 'm':
            return std::uint64_t{1} << 20;
        case 'G':
        case 'g':
            return std::uint64_t{1} << 30;
        default:
            return 1;
    }
}

}  // namespace

error invalid(std::string_view must, std::string_view given) {
    constexpr std::size_t longest = 80;
    std::string shown(given.substr(0, longest));
    std::replace_if(shown.begin(), shown.end(), is_control, '?');
    const std::string_view cut = given.size() > longest ? "..." : "";
    return {errc::invalid_field, fmt::format("{}, is \"{}{}\"", must, shown, cut)};
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lowered;
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_control);
}

result<bool> parse_boolean(std::string_view text) {
    const std::string given = lower(text);
    for (const std::string_view yes : {"true", "1", "yes", "on"})
        if (given == yes) return true;
    for (const std::string_view no : {"false", "0", "no", "off"})
        if (given == no) return false;
    return invalid("must be true or false", text);
}

result<std::int64_t> parse_integer(std::string_view text, std::int64_t least, std::int64_t most) {
    const auto value = whole_number<std::int64_t>(text);
    if (!value || *value < least || *value > most)
        return invalid(fmt::format("must be {} to {}", least, most), text);
    return *value;
}

result<std::uint64_t> parse_size(std::string_view text, std::uint64_t least, std::uint64_t most) {
    const std::uint64_t unit = text.empty() ? 1 : unit_of(text.back());
    const auto count =
        whole_number<std::uint64_t>(unit == 1 ? text : text.substr(0, text.size() - 1));
    if (!count || *count > most / unit || *count * unit < least)
        return invalid(fmt::format("must be {} to {} bytes", format_size(least), format_size(most)),
                       text);
    return *count * unit;
}

std::string format_size(std::uint64_t bytes) {
    for (const char suffix : {'G', 'M', 'K'})
        if (bytes != 0 && bytes % unit_of(suffix) == 0)
            return fmt::format("{}{}", bytes / unit_of(suffix), suffix);
    return std::to_string(bytes);
}

result<unsigned> parse_file_mode(std::string_view text) {
    const auto mode = whole_number<unsigned>(text, 8);
    if (!mode || *mode > 0777) return invalid("must be octal, 0 to 0777", text);
    return *mode;
}

result<std::string> parse_path(std::string_view text) {
    if (has_control_character(text)) return invalid("has a control character", text);
    if (text.starts_with('~') || text.starts_with('$'))
        return invalid("must be a path as it is; ~ and $ are not expanded", text);
    return std::string(text);
}

result<std::string> parse_secret(std::string_view text) {
    constexpr std::size_t longest = 4096;
    const auto wrong = [](std::string detail) { return error{errc::invalid_field, detail}; };
    if (text.empty()) return wrong("is empty");
    if (text.size() > longest) return wrong(fmt::format("is longer than {} bytes", longest));
    if (has_control_character(text)) return wrong("has a control character or a line break");
    // A header's value is trimmed on the way, and would no longer be the secret.
    if (text.front() == ' ' || text.back() == ' ') return wrong("begins or ends with a space");
    return std::string(text);
}

result<endpoint> parse_endpoint(std::string_view text) {
    const error wrong = invalid("must be address:port or [v6]:port", text);
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || has_control_character(text)) return wrong;
    const auto port = whole_number<std::uint16_t>(text.substr(colon + 1));
    if (!port) return wrong;

    std::string address(text.substr(0, colon));
    if (lower(address) == "localhost") address = "127.0.0.1";
    const bool v6 = address.starts_with('[') && address.ends_with(']');
    if (v6) address = address.substr(1, address.size() - 2);
    std::array<unsigned char, sizeof(in6_addr)> parsed{};
    if (inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), parsed.data()) != 1) return wrong;
    return endpoint{address, *port};
}

}  // namespace memorypro::config
