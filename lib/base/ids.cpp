#include "base/ids.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace memorypro {
namespace {

constexpr std::uint64_t random_low_bits = (std::uint64_t{1} << 62) - 1;

// The system's generator, asked for many bytes at a time.
std::uint64_t random_word() {
    thread_local std::array<std::uint64_t, 128> pool{};
    thread_local std::size_t left = 0;
    if (left == 0) {
        if (RAND_bytes(reinterpret_cast<unsigned char*>(pool.data()), sizeof(pool)) != 1)
            throw std::runtime_error("the system's random number generator failed");
        left = pool.size();
    }
    return pool[--left];
}

std::string to_text(std::uint64_t high, std::uint64_t low) {
    constexpr char hex[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (int digit = 0; digit < 32; ++digit) {
        if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text += '-';
        const std::uint64_t half = digit < 16 ? high : low;
        text += hex[(half >> (60 - 4 * (digit % 16))) & 15];
    }
    return text;
}

constexpr bool is_dash(std::size_t position) {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

}  // namespace

std::string id_generator::next(timestamp now) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
    const std::uint64_t high =
        (static_cast<std::uint64_t>(ms) << 16) | 0x7000 | (random_word() & 0xfff);
    if (high >> 16 > last_high_ >> 16) {
        last_high_ = high;
        last_low_ = random_word() & random_low_bits;
    } else {
        // RFC 9562, 6.2, method 2: within a millisecond the random part rises by a random step.
        last_low_ += 1 + (random_word() & 0xffffffff);
        if (last_low_ > random_low_bits) {
            last_low_ &= random_low_bits;
            if ((last_high_ & 0xfff) == 0xfff) {
                last_high_ = (((last_high_ >> 16) + 1) << 16) | 0x7000;
            } else {
                ++last_high_;
            }
        }
    }
    return to_text(last_high_, (std::uint64_t{2} << 62) | last_low_);
}

bool is_uuid(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdefABCDEF";
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (is_dash(i) ? text[i] != '-' : hex.find(text[i]) == hex.npos) return false;
    return true;
}

}  // namespace memorypro
