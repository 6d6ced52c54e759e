#include "webhook/signature.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace memorypro::webhook {

std::string sign(std::string_view secret, std::string_view body) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest,
             &size) == nullptr)
        throw std::runtime_error("HMAC-SHA256 failed");
    return fmt::format("{:02x}", fmt::join(digest, digest + size, ""));
}

}  // namespace memorypro::webhook
