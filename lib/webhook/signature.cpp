#include "webhook/signature.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace memorypro::webhook {

digest hmac_sha256(std::string_view key, std::string_view text) {
    digest out{};
    unsigned size = out.size();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(),
              out.data(), &size))
        throw std::runtime_error("HMAC-SHA256 failed");
    return out;
}

std::string sign(std::string_view secret, std::string_view body) {
    return fmt::format("{:02x}", fmt::join(hmac_sha256(secret, body), ""));
}

}  // namespace memorypro::webhook
