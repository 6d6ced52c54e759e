// SHA-256, for telling texts apart.
#pragma once

#include <string>
#include <string_view>

namespace memorypro {

// In lower-case hex: 64 characters.
std::string sha256(std::string_view bytes);

}  // namespace memorypro
