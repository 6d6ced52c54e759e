#include "emulator/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace memorypro::emulator {
namespace {

template <auto Free>
struct freed {
    template <class T>
    void operator()(T* what) const {
        Free(what);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>>;

template <class T>
T must(T made) {
    if (!made) throw std::runtime_error("OpenSSL cannot make a certificate");
    return made;
}

std::string text_of(const bio_ptr& bio) {
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    const bio_ptr bio(must(BIO_new(BIO_s_mem())));
    must(PEM_write_bio_X509(bio.get(), certificate));
    return text_of(bio);
}

std::string pem_of(EVP_PKEY* key) {
    const bio_ptr bio(must(BIO_new(BIO_s_mem())));
    must(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr));
    return text_of(bio);
}

bio_ptr reading(const std::string& text) {
    return bio_ptr(must(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))));
}

void add_extension(X509* to, X509* issuer, int name, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    const extension_ptr made(must(X509V3_EXT_conf_nid(nullptr, &context, name, value.c_str())));
    must(X509_add_ext(to, made.get(), -1));
}

void name_it(X509_NAME* name, const std::string& common_name) {
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0));
}

// With a serial number, names and times; no extensions, not signed.
x509_ptr begin(const std::string& common_name, EVP_PKEY* key, timestamp not_after) {
    x509_ptr made(must(X509_new()));
    std::uint32_t serial = 0;
    must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial));
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial + 1ull);
    name_it(X509_get_subject_name(made.get()), common_name);
    X509_set_pubkey(made.get(), key);
    const auto seconds = [](timestamp t) {
        return static_cast<time_t>(
            std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count());
    };
    // Clocks differ a little; and one that has expired was valid once.
    const auto from = std::min(system_clock().now(), not_after) - std::chrono::hours(24);
    ASN1_TIME_set(X509_getm_notBefore(made.get()), seconds(from));
    ASN1_TIME_set(X509_getm_notAfter(made.get()), seconds(not_after));
    return made;
}

bool is_address(const std::string& name) {
    unsigned char address[16];
    return ::inet_pton(AF_INET, name.c_str(), address) == 1 ||
           ::inet_pton(AF_INET6, name.c_str(), address) == 1;
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names)
        list += (list.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
    return list;
}

}  // namespace

certificate make_authority() {
    const key_ptr key(must(EVP_EC_gen("P-256")));
    const auto made = begin("MemoryPro development authority", key.get(),
                            system_clock().now() + std::chrono::years(10));
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(made.get(), made.get(), NID_subject_key_identifier, "hash");
    must(X509_sign(made.get(), key.get(), EVP_sha256()));
    return {pem_of(made.get()), pem_of(key.get())};
}

certificate make_certificate(const certificate& authority, const std::vector<std::string>& names,
                             timestamp not_after) {
    const x509_ptr issuer(
        must(PEM_read_bio_X509(reading(authority.pem).get(), nullptr, nullptr, nullptr)));
    const key_ptr issuer_key(
        must(PEM_read_bio_PrivateKey(reading(authority.key).get(), nullptr, nullptr, nullptr)));
    const key_ptr key(must(EVP_EC_gen("P-256")));
    const auto made = begin(names.front(), key.get(), not_after);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    add_extension(made.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(made.get(), issuer.get(), NID_ext_key_usage, "serverAuth");
    add_extension(made.get(), issuer.get(), NID_subject_alt_name, alternative_names(names));
    add_extension(made.get(), issuer.get(), NID_subject_key_identifier, "hash");
    add_extension(made.get(), issuer.get(), NID_authority_key_identifier, "keyid");
    must(X509_sign(made.get(), issuer_key.get(), EVP_sha256()));
    return {pem_of(made.get()), pem_of(key.get())};
}

bool holds_for(const std::string& certificate_pem, const std::vector<std::string>& names) {
    const x509_ptr shown(
        PEM_read_bio_X509(reading(certificate_pem).get(), nullptr, nullptr, nullptr));
    return shown && std::ranges::all_of(names, [&](const std::string& name) {
               return is_address(name)
                          ? X509_check_ip_asc(shown.get(), name.c_str(), 0) == 1
                          : X509_check_host(shown.get(), name.c_str(), 0, 0, nullptr) == 1;
           });
}

}  // namespace memorypro::emulator
