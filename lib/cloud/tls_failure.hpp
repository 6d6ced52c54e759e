// Why a TLS handshake failed, in words that a person can act on: pure.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

namespace memorypro::cloud {

// `verified`: what SSL_get_verify_result gave.
std::string tls_failure(const boost::system::error_code&, long verified, std::string_view host);

}  // namespace memorypro::cloud
