#include "cloud/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <stdexcept>

#include "cloud/tls_failure.hpp"

namespace memorypro::cloud {
namespace {

bool is_address(const std::string& host) {
    boost::system::error_code failure;
    asio::ip::make_address(host, failure);
    return !failure;
}

std::string without_root_dot(std::string host) {
    if (host.ends_with('.')) host.pop_back();
    return host;
}

asio::ssl::context make_context(const std::string& ca_file) {
    asio::ssl::context made(asio::ssl::context::tls_client);
    if (SSL_CTX_set_min_proto_version(made.native_handle(), TLS1_2_VERSION) != 1)
        throw std::runtime_error("cannot require TLS 1.2 or newer");
    constexpr unsigned char http[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(made.native_handle(), http, sizeof http - 1);
    made.set_verify_mode(asio::ssl::verify_peer);

    boost::system::error_code failure;
    if (ca_file.empty())
        made.set_default_verify_paths(failure);
    else
        made.load_verify_file(ca_file, failure);
    if (failure)
        throw std::runtime_error(fmt::format("cannot use the certificates in {}: {}",
                                             ca_file.empty() ? "the system's store" : ca_file,
                                             failure.message()));
    return made;
}

}  // namespace

tls_context::tls_context(std::string host, const std::string& ca_file)
    : host_(without_root_dot(std::move(host))),
      is_address_(is_address(host_)),
      context_(make_context(ca_file)),
      sessions_(context_.native_handle()) {}

boost::system::error_code tls_context::prepare(SSL* one) {
    bool verified = false;
    if (is_address_) {
        verified = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(one), host_.c_str()) == 1;
    } else {
        SSL_set_tlsext_host_name(one, host_.c_str());  // RFC 6066: names only
        // RFC 9525: "*" is a whole label, and a common name is no host name.
        SSL_set_hostflags(
            one, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        verified = !host_.empty() && SSL_set1_host(one, host_.c_str()) == 1;
    }
    if (!verified) return asio::error::invalid_argument;
    sessions_.offer(one);
    return {};
}

std::string tls_context::describe_failure(SSL* one, const boost::system::error_code& failure) {
    sessions_.forget();
    return tls_failure(failure, SSL_get_verify_result(one), host_);
}

}  // namespace memorypro::cloud
