#include "base/signing_key.hpp"

#include "base/base64.hpp"

namespace memorypro {

std::optional<std::string> signing_key(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (!secret.starts_with(prefix)) return std::string(secret);
    auto key = from_base64(secret.substr(prefix.size()));
    return key && !key->empty() ? std::move(key) : std::nullopt;
}

}  // namespace memorypro
