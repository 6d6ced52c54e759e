#include "base/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>

namespace memorypro {
namespace {

// One a thread: HMAC() would find the algorithm and make a context each time, which takes longer
// than a small text.
EVP_MAC_CTX* context() {
    struct drop {
        void operator()(EVP_MAC* m) const { EVP_MAC_free(m); }
        void operator()(EVP_MAC_CTX* c) const { EVP_MAC_CTX_free(c); }
    };
    static const std::unique_ptr<EVP_MAC, drop> algorithm(
        EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
    thread_local const std::unique_ptr<EVP_MAC_CTX, drop> made(EVP_MAC_CTX_new(algorithm.get()));
    return made.get();
}

}  // namespace

std::array<unsigned char, 32> hmac_sha256(std::string_view key,
                                          std::initializer_list<std::string_view> parts) {
    char digest[] = OSSL_DIGEST_NAME_SHA2_256;
    const OSSL_PARAM settings[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    };
    std::array<unsigned char, 32> out{};
    auto* const mac = context();
    // Without a pointer OpenSSL would take the key before.
    bool good = mac && EVP_MAC_init(mac, bytes(key.empty() ? std::string_view("") : key),
                                    key.size(), settings) == 1;
    for (const auto part : parts)
        good = good && EVP_MAC_update(mac, bytes(part), part.size()) == 1;
    std::size_t size = 0;
    if (!good || EVP_MAC_final(mac, out.data(), &size, out.size()) != 1 || size != out.size())
        throw std::runtime_error("HMAC-SHA256 failed");
    return out;
}

}  // namespace memorypro
