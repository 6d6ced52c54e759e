#include "emulator/certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "support/catch.hpp"

namespace memorypro::emulator {
namespace {

using x509 = std::unique_ptr<X509, decltype(&X509_free)>;

x509 read(const std::string& pem) {
    BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    x509 made(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), &X509_free);
    BIO_free(bio);
    REQUIRE(made);
    return made;
}

// X509_V_OK, or what is wrong.
int verified(const certificate& leaf, const certificate& authority) {
    const auto trusted = read(authority.pem);
    const auto shown = read(leaf.pem);
    X509_STORE* const store = X509_STORE_new();
    X509_STORE_add_cert(store, trusted.get());
    X509_STORE_CTX* const context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, shown.get(), nullptr);
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
    X509_STORE_CTX_set_flags(context, X509_V_FLAG_X509_STRICT);
    X509_verify_cert(context);
    const int outcome = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return outcome;
}

TEST_CASE("a certificate holds for its names under its authority") {
    const auto authority = make_authority();
    const auto made = make_certificate(authority, {"localhost", "127.0.0.1", "::1"},
                                       system_clock().now() + std::chrono::hours(1));
    CHECK(verified(made, authority) == X509_V_OK);
    CHECK(verified(made, make_authority()) != X509_V_OK);
    const auto shown = read(made.pem);
    CHECK(X509_check_host(shown.get(), "localhost", 0, 0, nullptr) == 1);
    CHECK(X509_check_host(shown.get(), "example.com", 0, 0, nullptr) == 0);
    CHECK(X509_check_ip_asc(shown.get(), "127.0.0.1", 0) == 1);
    CHECK(X509_check_ip_asc(shown.get(), "::1", 0) == 1);
    CHECK(X509_check_ip_asc(shown.get(), "127.0.0.2", 0) == 0);
}

TEST_CASE("a certificate tells whether it holds for names and addresses") {
    const auto made = make_certificate(make_authority(), {"cloud", "127.0.0.1"},
                                       system_clock().now() + std::chrono::hours(1));
    CHECK(holds_for(made.pem, {"cloud", "127.0.0.1"}));
    CHECK_FALSE(holds_for(made.pem, {"cloud", "other"}));
    CHECK_FALSE(holds_for(made.pem, {"cloud", "127.0.0.2"}));
    CHECK_FALSE(holds_for("not a certificate", {"cloud"}));
}

TEST_CASE("a certificate of the past has expired") {
    const auto authority = make_authority();
    const auto made =
        make_certificate(authority, {"localhost"}, system_clock().now() - std::chrono::hours(1));
    CHECK(verified(made, authority) == X509_V_ERR_CERT_HAS_EXPIRED);
}

}  // namespace
}  // namespace memorypro::emulator
