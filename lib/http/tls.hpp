// What a server shows its clients under TLS.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace boost::asio::ssl {
class context;
}

namespace memorypro::http {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

// TLS 1.2 and later with this certificate, the chain above it after it, and its key: PEM texts.
// `conflict`: one cannot be used, or they do not belong together.
result<tls_context> server_tls(const std::string& certificate_chain, const std::string& key);

}  // namespace memorypro::http
