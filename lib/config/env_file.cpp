#include "config/env_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"
#include "config/keys.hpp"

namespace memorypro::config {
namespace {

constexpr std::string_view blank = " \t\r";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool is_name(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return !text.empty() && digits.find(text.front()) == std::string_view::npos &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

error malformed(std::string detail) {
    return {errc::invalid_field, std::move(detail)};
}

// Appends what stands between the quote at `text[0]` and its fellow; gives what follows that.
result<std::string_view> unquote(std::string_view text, std::string& value) {
    const char quote = text.front();
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote) return text.substr(i + 1);
        const bool escapes = quote == '"' && text[i] == '\\' && i + 1 < text.size() &&
                             std::string_view("\"\\$`").find(text[i + 1]) != std::string_view::npos;
        value += escapes ? text[++i] : text[i];
    }
    return malformed("a quote is not closed on its line");
}

result<std::string> parse_value(std::string_view text) {
    std::string value;
    std::size_t kept = 0;  // trailing blanks beyond this are dropped, unless quoted or escaped
    for (bool after_blank = true; !text.empty();) {
        const char c = text.front();
        if (c == '#' && after_blank) break;
        after_blank = blank.find(c) != std::string_view::npos;
        if (c == '"' || c == '\'') {
            const auto rest = unquote(text, value);
            if (!rest) return rest.error();
            text = *rest;
            kept = value.size();
            continue;
        }
        if (c == '\\') text.remove_prefix(1);
        if (text.empty()) return malformed("a value cannot go on in the next line");
        value += text.front();
        text.remove_prefix(1);
        if (!after_blank) kept = value.size();
    }
    value.resize(kept);
    return value;
}

}  // namespace

env_file parse_env_file(std::string_view text, std::string_view path) {
    env_file read;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (int number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#' || line.front() == ';') continue;

        const std::string place = fmt::format("{}:{}", path, number);
        if (line.starts_with("export ") || line.starts_with("export\t"))
            line = trimmed(line.substr(6));
        const std::size_t equals = line.find('=');
        const std::string_view name = trimmed(line.substr(0, std::min(equals, line.size())));
        if (equals == std::string_view::npos || !is_name(name)) {
            read.problems.push_back(place + ": is not KEY=value");
            continue;
        }
        if (!name.starts_with(prefix)) continue;
        auto value = parse_value(trimmed(line.substr(equals + 1)));
        if (value)
            read.assignments.push_back({std::string(name), std::move(*value), place});
        else
            read.problems.push_back(fmt::format("{} ({}): {}", name, place, value.error().detail));
    }
    return read;
}

}  // namespace memorypro::config
