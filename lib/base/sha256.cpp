#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace memorypro {
namespace {

// Found once: EVP_sha256() stands for a search at each use.
const EVP_MD* algorithm() {
    struct drop {
        void operator()(EVP_MD* m) const { EVP_MD_free(m); }
    };
    static const std::unique_ptr<EVP_MD, drop> found(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
    return found.get();
}

}  // namespace

std::array<unsigned char, 32> sha256(std::string_view bytes) {
    std::array<unsigned char, 32> digest{};
    if (!algorithm() ||
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm(), nullptr) != 1)
        throw std::runtime_error("SHA-256 failed");
    return digest;
}

std::string to_hex(const std::array<unsigned char, 32>& digest) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * digest.size());
    for (const auto byte : digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string sha256_hex(std::string_view bytes) {
    return to_hex(sha256(bytes));
}

}  // namespace memorypro
