// Identifiers: UUID version 7 (RFC 9562), so that keys made later sort later.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace memorypro {

// Gives rising ids, also when the clock stands still or steps back. Not thread-safe.
class id_generator {
public:
    std::string next(timestamp now);

private:
    std::uint64_t last_high_ = 0;  // 48 bits of milliseconds, version, 12 random bits
    std::uint64_t last_low_ = 0;   // variant, 62 random bits
};

// Whether it is written as one, of any version.
bool is_uuid(std::string_view);

}  // namespace memorypro
