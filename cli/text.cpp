#include "cli/text.hpp"

#include <fmt/format.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <cwchar>

namespace memorypro::cli {

namespace {

// The C library decodes UTF-8 and knows widths, whatever locale the user runs in.
class utf8_locale {
public:
    utf8_locale() : previous_(uselocale(shared())) {}
    ~utf8_locale() { uselocale(previous_); }
    utf8_locale(const utf8_locale&) = delete;
    utf8_locale& operator=(const utf8_locale&) = delete;

private:
    static locale_t shared() {
        static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return locale;
    }

    locale_t previous_;
};

struct glyph {
    std::string_view bytes;
    wchar_t code = 0;
    bool valid = false;
};

// `text` is not empty; an invalid byte is a glyph of its own.
glyph first_glyph(std::string_view text) {
    wchar_t code = 0;
    std::mbstate_t state{};
    const auto size = std::mbrtowc(&code, text.data(), text.size(), &state);
    if (size == 0) return {text.substr(0, 1), 0, true};  // NUL
    if (size > text.size()) return {text.substr(0, 1), 0, false};
    return {text.substr(0, size), code, true};
}

bool is_space(wchar_t code) {
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 ||
           code == 0x2029;
}

// Characters that reorder or hide text (Unicode TR36): bidirectional controls and tags.
bool is_deceptive(wchar_t code) {
    return code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
           (code >= 0xE0000 && code <= 0xE007F);
}

bool is_control(wchar_t code) {
    return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

std::string escaped(const glyph& character) {
    if (character.valid && character.code > 0x7F)
        return fmt::format("\\u{{{:04x}}}", static_cast<unsigned long>(character.code));
    return fmt::format("\\x{:02x}", static_cast<unsigned char>(character.bytes.front()));
}

std::size_t columns_of(const glyph& character) {
    const int columns = character.valid ? wcwidth(character.code) : 1;
    return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

}  // namespace

std::string printable(std::string_view text, lines mode) {
    const utf8_locale locale;
    std::string shown;
    shown.reserve(text.size());
    bool gap = false;
    while (!text.empty()) {
        const auto character = first_glyph(text);
        text.remove_prefix(character.bytes.size());
        if (mode == lines::joined && character.valid && is_space(character.code)) {
            gap = !shown.empty();
            continue;
        }
        if (gap) shown += ' ';
        gap = false;
        const bool kept = mode == lines::kept && (character.code == '\n' || character.code == '\t');
        if (kept ||
            (character.valid && !is_control(character.code) && !is_deceptive(character.code)))
            shown += character.bytes;
        else
            shown += escaped(character);
    }
    return shown;
}

std::size_t columns_of(std::string_view text) {
    const utf8_locale locale;
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto character = first_glyph(text);
        columns += columns_of(character);
        text.remove_prefix(character.bytes.size());
    }
    return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
    const utf8_locale locale;
    std::size_t used = 0;
    std::size_t fits = 0;  // bytes that leave a column for the ellipsis
    for (std::size_t at = 0; at < text.size();) {
        const auto character = first_glyph(text.substr(at));
        used += columns_of(character);
        if (used > columns) return columns ? std::string(text.substr(0, fits)) + "…" : "";
        at += character.bytes.size();
        if (used < columns) fits = at;
    }
    return std::string(text);
}

std::string human_bytes(std::uint64_t bytes) {
    if (bytes < 1024) return fmt::format("{} B", bytes);
    constexpr std::array units{"KiB", "MiB", "GiB", "TiB"};
    double amount = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; amount >= 1023.95 && unit + 1 < units.size(); ++unit)
        amount /= 1024;
    return fmt::format("{:.1f} {}", amount, units[unit]);
}

std::string human_seconds(std::int64_t seconds) {
    if (seconds < 60) return fmt::format("{}s", std::max<std::int64_t>(seconds, 0));
    if (seconds < 3600) return fmt::format("{}m {}s", seconds / 60, seconds % 60);
    if (seconds < 86400) return fmt::format("{}h {}m", seconds / 3600, seconds / 60 % 60);
    return fmt::format("{}d {}h", seconds / 86400, seconds / 3600 % 24);
}

std::string short_time(std::string_view rfc3339) {
    const bool timelike = rfc3339.size() >= 20 && rfc3339[10] == 'T' && rfc3339.back() == 'Z';
    if (!timelike) return std::string(rfc3339);
    return fmt::format("{} {}", rfc3339.substr(0, 10), rfc3339.substr(11, 5));
}

}  // namespace memorypro::cli
