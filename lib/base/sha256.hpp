// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace memorypro {

std::array<unsigned char, 32> sha256(std::string_view bytes);

std::string to_hex(const std::array<unsigned char, 32>&);  // 64 digits, lower case

std::string sha256_hex(std::string_view bytes);

}  // namespace memorypro
