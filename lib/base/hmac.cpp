#include "base/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>

namespace memorypro {
namespace {

struct drop {
    void operator()(EVP_MAC* m) const { EVP_MAC_free(m); }
    void operator()(EVP_MAC_CTX* c) const { EVP_MAC_CTX_free(c); }
};
using context = std::unique_ptr<EVP_MAC_CTX, drop>;

context make_context() {
    const std::unique_ptr<EVP_MAC, drop> algorithm(
        EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
    char digest[] = OSSL_DIGEST_NAME_SHA2_256;
    const OSSL_PARAM settings[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    context made(algorithm ? EVP_MAC_CTX_new(algorithm.get()) : nullptr);
    if (!made || EVP_MAC_CTX_set_params(made.get(), settings) != 1)
        throw std::runtime_error("HMAC-SHA256 is not available");
    return made;
}

}  // namespace

std::array<unsigned char, 32> hmac_sha256(std::string_view key,
                                          std::initializer_list<std::string_view> parts) {
    // HMAC() would find the algorithms and make a context each time, which takes longer than a
    // small text.
    thread_local const context mac = make_context();
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    };
    std::array<unsigned char, 32> out{};
    // Without a pointer OpenSSL would take the key before.
    bool good = EVP_MAC_init(mac.get(), bytes(key.empty() ? std::string_view("") : key), key.size(),
                             nullptr) == 1;
    for (const auto part : parts)
        good = good && EVP_MAC_update(mac.get(), bytes(part), part.size()) == 1;
    std::size_t size = 0;
    if (!good || EVP_MAC_final(mac.get(), out.data(), &size, out.size()) != 1 || size != out.size())
        throw std::runtime_error("HMAC-SHA256 failed");
    return out;
}

}  // namespace memorypro
