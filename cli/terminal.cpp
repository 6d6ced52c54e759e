#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace memorypro::cli {

namespace {

constexpr std::size_t usual_width = 80;

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::size_t width_of(int descriptor) {
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual_width;
    return size.ws_col;
}

}  // namespace

std::string terminal::styled(style wanted, std::string_view text) const {
    if (!colour || wanted == style::plain || text.empty()) return std::string(text);
    const char* code = wanted == style::bold   ? "1"
                       : wanted == style::dim  ? "2"
                       : wanted == style::good ? "32"
                                               : "31";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

terminal standard_output() {
    if (!isatty(STDOUT_FILENO)) return {};
    const bool colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
    return {colour, width_of(STDOUT_FILENO)};
}

bool stdin_is_terminal() {
    return isatty(STDIN_FILENO) != 0;
}
bool stderr_is_terminal() {
    return isatty(STDERR_FILENO) != 0;
}

}  // namespace memorypro::cli
