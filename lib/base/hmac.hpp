// HMAC-SHA256 (RFC 2104).
#pragma once

#include <array>
#include <initializer_list>
#include <string_view>

namespace memorypro {

// Of the parts, one after the other.
std::array<unsigned char, 32> hmac_sha256(std::string_view key,
                                          std::initializer_list<std::string_view> parts);

}  // namespace memorypro
