// Text for people: nothing that a memory contains may move the cursor or change the colours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace memorypro::cli {

enum class lines { joined, kept };

// UTF-8 with every control character, bidirectional override and invalid byte written as \xNN or
// \u{NNNN}. White space is kept (`kept`), or every run of it becomes one space (`joined`).
std::string printable(std::string_view text, lines = lines::joined);

// Columns that printable text takes on a terminal: wide characters take two, combining ones none.
std::size_t columns_of(std::string_view text);

// At most `columns` wide; what had to be cut ends in "…".
std::string shortened(std::string_view text, std::size_t columns);

// "512 B", "2.3 MiB".
std::string human_bytes(std::uint64_t bytes);

// "42s", "3h 12m", "5d 1h".
std::string human_seconds(std::int64_t seconds);

// 2025-01-31T10:20:30.123Z as "2025-01-31 10:20"; what is not such a time as it is.
std::string short_time(std::string_view rfc3339);

}  // namespace memorypro::cli
