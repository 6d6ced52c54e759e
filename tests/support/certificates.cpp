#include "support/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <stdexcept>

namespace memorypro::test {
namespace {

using key_handle = std::shared_ptr<EVP_PKEY>;
using certificate_handle = std::shared_ptr<X509>;

void check(bool worked, const char* what) {
    if (!worked) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

key_handle make_key() {
    key_handle key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    check(key != nullptr, "EVP_EC_gen");
    return key;
}

template <class Write>
std::string to_pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    check(out && write(out.get()) == 1, "PEM_write_bio");
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(const certificate_handle& one) {
    return to_pem([&](BIO* out) { return PEM_write_bio_X509(out, one.get()); });
}

std::string pem_of(const key_handle& one) {
    return to_pem([&](BIO* out) {
        return PEM_write_bio_PrivateKey(out, one.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

void set_time(ASN1_TIME* field, std::chrono::seconds from_now) {
    check(ASN1_TIME_set(field, std::time(nullptr) + from_now.count()) != nullptr, "ASN1_TIME_set");
}

// A serial number of its own, a subject, a key and a time.
certificate_handle draft(const key_handle& key, const certificate_options& options) {
    certificate_handle made(X509_new(), X509_free);
    check(made != nullptr, "X509_new");
    X509_set_version(made.get(), X509_VERSION_3);
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(options.common_name.c_str()),
                               -1, -1, 0);
    set_time(X509_getm_notBefore(made.get()), options.valid_from);
    set_time(X509_getm_notAfter(made.get()), options.valid_until);
    check(X509_set_pubkey(made.get(), key.get()) == 1, "X509_set_pubkey");
    return made;
}

void extend(X509* one, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, one, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), X509_EXTENSION_free);
    check(made && X509_add_ext(one, made.get(), -1) == 1, value.c_str());
}

void name_subjects(X509* one, X509* issuer, const certificate_options& options) {
    std::string subjects;
    for (const auto& name : options.names)
        subjects += (subjects.empty() ? "DNS:" : ",DNS:") + name;
    for (const auto& address : options.addresses)
        subjects += (subjects.empty() ? "IP:" : ",IP:") + address;
    if (!subjects.empty()) extend(one, issuer, NID_subject_alt_name, subjects);
}

void sign(X509* one, X509* issuer, EVP_PKEY* with) {
    X509_set_issuer_name(one, X509_get_subject_name(issuer));
    check(X509_sign(one, with, EVP_sha256()) > 0, "X509_sign");
}

}  // namespace

certificate_authority::certificate_authority(const std::string& name)
    : key_(make_key()), certificate_(draft(key_, {.common_name = name})) {
    X509* const self = certificate_.get();
    extend(self, self, NID_basic_constraints, "critical,CA:TRUE");
    extend(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(self, self, NID_subject_key_identifier, "hash");
    sign(self, self, key_.get());
    pem_ = pem_of(certificate_);
}

identity certificate_authority::issue(const certificate_options& options) const {
    const auto key = make_key();
    const auto made = draft(key, options);
    extend(made.get(), certificate_.get(), NID_authority_key_identifier, "keyid");
    name_subjects(made.get(), certificate_.get(), options);
    sign(made.get(), certificate_.get(), key_.get());
    return {pem_of(made), pem_of(key)};
}

identity self_signed(const certificate_options& options) {
    const auto key = make_key();
    const auto made = draft(key, options);
    name_subjects(made.get(), made.get(), options);
    sign(made.get(), made.get(), key.get());
    return {pem_of(made), pem_of(key)};
}

}  // namespace memorypro::test
