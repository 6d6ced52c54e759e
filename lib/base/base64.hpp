// Base64 (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace memorypro {

std::string to_base64(std::string_view bytes);  // padded

// The bytes; padded or not. nullopt: it is not base64, or longer than a key or a digest may be.
std::optional<std::string> from_base64(std::string_view);

}  // namespace memorypro
