#include "cloud/tls_failure.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

namespace memorypro::cloud {
namespace {

namespace asio = boost::asio;

std::string certificate_failure(long verified, std::string_view host) {
    switch (verified) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return fmt::format("the certificate of {} has expired", host);
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return fmt::format("the certificate of {} is not valid yet; is the clock right?", host);
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return fmt::format("the certificate is not for host {}", host);
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return fmt::format(
                "the certificate of {} is self-signed, and not among the trusted ones", host);
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return fmt::format(
                "unknown certificate authority: nobody that is trusted vouches for {}", host);
        default:
            return fmt::format("the certificate of {} is not accepted: {}", host,
                               X509_verify_cert_error_string(verified));
    }
}

bool is_no_tls(int reason) {
    return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
           reason == SSL_R_PACKET_LENGTH_TOO_LONG;
}

}  // namespace

std::string tls_failure(const boost::system::error_code& failure, long verified,
                        std::string_view host) {
    const bool by_tls = failure.category() == asio::error::get_ssl_category();
    const int reason = by_tls ? ERR_GET_REASON(static_cast<unsigned long>(failure.value())) : 0;
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) return certificate_failure(verified, host);
    if (is_no_tls(reason))
        return fmt::format("{} does not answer with TLS: {}", host, failure.message());
    if (failure == asio::ssl::error::stream_truncated || failure == asio::error::eof)
        return fmt::format("{} ended the connection during the TLS handshake", host);
    return fmt::format("the TLS handshake with {} failed: {}", host, failure.message());
}

}  // namespace memorypro::cloud
