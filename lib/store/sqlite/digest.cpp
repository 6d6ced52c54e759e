#include "store/sqlite/digest.hpp"

#include "base/sha256.hpp"

namespace memorypro::store::sqlite {
namespace {

std::int64_t big_endian(const unsigned char* bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
        value = value << 8 | bytes[i];
    return static_cast<std::int64_t>(value);
}

}  // namespace

digest digest_of(std::string_view text) {
    return digest_in(sha256(text));
}

digest digest_in(const std::array<unsigned char, 32>& sha256) {
    return {.high = big_endian(sha256.data()), .low = big_endian(sha256.data() + 8)};
}

}  // namespace memorypro::store::sqlite
