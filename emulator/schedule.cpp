#include "emulator/schedule.hpp"

#include <fmt/format.h>

#include <charconv>

#include "emulator/event_data.hpp"

namespace memorypro::emulator {

result<scheduled_event> parse_schedule(std::string_view text) {
    constexpr double least = 0.1, most = 86400;
    const auto at = text.find('@');
    const auto type = text.substr(0, at);
    if (!can_generate(type))
        return error{errc::invalid_field, "the event must be one of " + event_names()};
    const auto number = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    double seconds = 0;
    const auto [end, failure] =
        std::from_chars(number.data(), number.data() + number.size(), seconds);
    const bool whole = failure == std::errc() && end == number.data() + number.size();
    if (!whole || !(seconds >= least && seconds <= most))
        return error{errc::invalid_field,
                     fmt::format("needs @ and {} to {} seconds after the event", least, most)};
    return scheduled_event{std::string(type),
                           std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000))};
}

std::string event_names() {
    return fmt::format("{}", fmt::join(generated_events, " "));
}

}  // namespace memorypro::emulator
