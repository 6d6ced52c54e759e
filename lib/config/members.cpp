#include "config/members.hpp"

#include <fmt/format.h>

#include "config/parse.hpp"
#include "config/url.hpp"

namespace memorypro::config {
namespace {

// `parse` gives result<T>, or something that T can be made of; `print` takes a T.
template <class T, class Parse, class Print>
member member_of(T settings::* field, std::string_view placeholder, Parse parse, Print print) {
    return {
        [field, parse](settings& target, std::string_view text) -> std::string {
            auto value = parse(text);
            if (!value) return value.error().detail;
            target.*field = static_cast<T>(std::move(*value));
            return {};
        },
        [field, print](const settings& source) { return std::string(print(source.*field)); },
        [field](settings& to, const settings& from) { to.*field = from.*field; },
        placeholder,
    };
}

template <class Parse>
member text_member(std::string settings::* field, std::string_view placeholder, Parse parse) {
    return member_of(field, placeholder, parse, [](const std::string& text) { return text; });
}

template <class Enum>
member choice_member(Enum settings::* field, const choices<Enum>& named) {
    const auto parse = [named](std::string_view text) -> result<Enum> {
        std::string names;
        for (const auto& [name, value] : named) {
            if (lower(text) == name) return value;
            names += (names.empty() ? "" : ", ") + std::string(name);
        }
        return invalid("must be one of " + names, text);
    };
    const auto print = [named](Enum wanted) {
        for (const auto& [name, value] : named)
            if (value == wanted) return name;
        return std::string_view();
    };
    return member_of(field, "NAME", parse, print);
}

}  // namespace

member boolean(bool settings::* field) {
    return member_of(field, "BOOL", parse_boolean,
                     [](bool value) { return std::string_view(value ? "true" : "false"); });
}

member number(int settings::* field, int least, int most) {
    return member_of(
        field, "N", [=](std::string_view text) { return parse_integer(text, least, most); },
        [](int value) { return std::to_string(value); });
}

member seconds(std::chrono::seconds settings::* field, int least, int most) {
    return member_of(
        field, "SECONDS", [=](std::string_view text) { return parse_integer(text, least, most); },
        [](std::chrono::seconds value) { return std::to_string(value.count()); });
}

member size(std::uint64_t settings::* field, std::uint64_t least, std::uint64_t most) {
    return member_of(
        field, "BYTES", [=](std::string_view text) { return parse_size(text, least, most); },
        format_size);
}

member file_mode(unsigned settings::* field) {
    return member_of(field, "OCTAL", parse_file_mode,
                     [](unsigned value) { return fmt::format("{:04o}", value); });
}

member path(std::string settings::* field) {
    return text_member(field, "PATH", parse_path);
}

member secret(std::string settings::* field) {
    return text_member(field, "PATH", parse_secret);
}

member url(std::string settings::* field) {
    return text_member(field, "URL", [](std::string_view text) -> result<std::string> {
        const auto parts = parse_url(text);
        if (!parts) return parts.error();
        return std::string(text);
    });
}

member base_url(std::string settings::* field) {
    return text_member(field, "URL", parse_base_url);
}

member endpoint_text(std::string settings::* field) {
    return text_member(field, "ADDRESS:PORT", [](std::string_view text) -> result<std::string> {
        const auto parts = parse_endpoint(text);
        if (!parts) return parts.error();
        return std::string(text);
    });
}

member endpoint_text_or_off(std::string settings::* field) {
    member made = endpoint_text(field);
    made.set = [field, set = made.set](settings& target, std::string_view text) -> std::string {
        if (lower(text) != "off") return set(target, text);
        (target.*field).clear();
        return {};
    };
    made.print = [field](const settings& source) {
        return (source.*field).empty() ? "off" : source.*field;
    };
    return made;
}

member choice(config::durability settings::* field, choices<config::durability> named) {
    return choice_member(field, named);
}
member choice(config::log_level settings::* field, choices<config::log_level> named) {
    return choice_member(field, named);
}
member choice(config::log_format settings::* field, choices<config::log_format> named) {
    return choice_member(field, named);
}

}  // namespace memorypro::config
