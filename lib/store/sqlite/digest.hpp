// A text as two numbers that no other text has: the first half of its SHA-256. It is stored.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace memorypro::store::sqlite {

struct digest {
    std::int64_t high = 0;
    std::int64_t low = 0;

    auto operator<=>(const digest&) const = default;
};

digest digest_of(std::string_view);
digest digest_in(const std::array<unsigned char, 32>& sha256);

struct digest_hash {
    std::size_t operator()(const digest& d) const noexcept {
        return static_cast<std::size_t>(d.low);
    }
};

}  // namespace memorypro::store::sqlite
