#include "webhook/standard.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"

namespace memorypro::webhook {

std::optional<std::string> signing_key(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (!secret.starts_with(prefix)) return std::string(secret);
    auto key = from_base64(secret.substr(prefix.size()));
    return key && !key->empty() ? std::move(key) : std::nullopt;
}

std::string sign_standard(std::string_view key, std::string_view id, std::string_view timestamp,
                          std::string_view body) {
    const auto mac = hmac_sha256(key, {id, ".", timestamp, ".", body});
    return "v1," + to_base64({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

}  // namespace memorypro::webhook
