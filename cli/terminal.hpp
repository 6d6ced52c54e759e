// What standard output can show.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace memorypro::cli {

enum class style { plain, bold, dim, good, bad };

struct terminal {
    bool colour = false;
    std::optional<std::size_t> width;  // columns; none: not a terminal, nothing is shortened

    std::string styled(style, std::string_view text) const;
};

// Colour needs a terminal, NO_COLOR unset or empty (no-color.org), and TERM other than "dumb".
terminal standard_output();

bool stdin_is_terminal();
bool stderr_is_terminal();

}  // namespace memorypro::cli
