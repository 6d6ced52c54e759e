#include "base/json.hpp"
#include "cloud/verdict.hpp"

namespace memorypro::cloud {
namespace {

constexpr std::size_t most_bytes = 300;
constexpr std::size_t most_parsed_bytes = std::size_t{64} << 10;

void append_item(std::string& list, std::string_view separator, std::string_view item) {
    if (item.empty()) return;
    if (!list.empty()) list += separator;
    list += item;
}

std::string words_in(const json::value&);

// A place in the request as validators give it: ["body", "content"] is body.content.
std::string place_in(const json::object& object) {
    std::string place;
    const auto* path = object.if_contains("loc");
    if (!path || !path->is_array()) return place;
    for (const auto& step : path->get_array())
        append_item(place, ".", step.is_string() ? std::string(step.get_string()) : to_json(step));
    return place;
}

std::string words_in(const json::object& object) {
    for (const std::string_view name : {"detail", "message", "msg", "error"}) {
        const auto* value = object.if_contains(name);
        auto words = value ? words_in(*value) : std::string();
        if (words.empty()) continue;
        const auto place = place_in(object);
        return place.empty() ? words : place + ": " + words;
    }
    return {};
}

std::string words_in(const json::value& value) {
    if (const auto* text = value.if_string()) return std::string(*text);
    if (const auto* object = value.if_object()) return words_in(*object);
    std::string list;
    if (const auto* items = value.if_array())
        for (const auto& item : *items)
            append_item(list, "; ", words_in(item));
    return list;
}

bool is_between(char c, unsigned first, unsigned last) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= first && byte <= last;
}

// Bytes of the character that the text opens with (RFC 3629, 4); 0: not UTF-8.
std::size_t character_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < length) return 0;
    const unsigned first = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned last = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (!is_between(text[1], first, last)) return 0;
    for (const char c : text.substr(2, length - 2))
        if (!is_between(c, 0x80, 0xBF)) return 0;
    return length;
}

bool is_blank_or_control(std::string_view character) {
    if (character.size() == 1) return is_between(character[0], 0, 0x20) || character[0] == 0x7F;
    return character.size() == 2 && character[0] == '\xC2' && is_between(character[1], 0x80, 0x9F);
}

// One line: runs of blanks and controls are a space, what is not UTF-8 is U+FFFD.
std::string one_line(std::string_view text) {
    std::string line;
    bool gap = false;
    while (!text.empty()) {
        const auto length = character_length(text);
        const auto character = length > 0 ? text.substr(0, length) : "\uFFFD";
        text.remove_prefix(length > 0 ? length : 1);
        if (is_blank_or_control(character)) {
            gap = true;
            continue;
        }
        const std::string_view space = gap && !line.empty() ? " " : "";
        constexpr std::string_view cut = "\u2026";
        if (line.size() + space.size() + character.size() > most_bytes - cut.size())
            return line.append(cut);
        line.append(space).append(character);
        gap = false;
    }
    return line;
}

}  // namespace

std::string words_of(std::string_view body) {
    if (body.size() <= most_parsed_bytes && body.find('{') != std::string_view::npos)
        if (const auto object = parse_object(body))
            if (const auto line = one_line(words_in(*object)); !line.empty()) return line;
    return one_line(body);
}

}  // namespace memorypro::cloud
