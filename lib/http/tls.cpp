#include "http/tls.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>

namespace memorypro::http {

namespace ssl = boost::asio::ssl;

result<tls_context> server_tls(const std::string& certificate_chain, const std::string& key) {
    auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX* const native = made->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    // A client cannot make the server work for nothing, and an idle one costs little memory.
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    boost::system::error_code failure;
    made->use_certificate_chain(boost::asio::buffer(certificate_chain), failure);
    if (failure) return error{errc::conflict, "the certificate: " + failure.message()};
    made->use_private_key(boost::asio::buffer(key), ssl::context::pem, failure);
    if (failure) return error{errc::conflict, "the certificate's key: " + failure.message()};
    return made;
}

}  // namespace memorypro::http
