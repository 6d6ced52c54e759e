// What the TLS connections to one server have in common: TLS 1.2 or later, the trusted
// authorities, the name that the certificate must have, sessions to resume.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "base/async.hpp"
#include "cloud/tls_sessions.hpp"

namespace memorypro::cloud {

class tls_context {
public:
    // `ca_file`: PEM, instead of the system's authorities; empty: those. Throws std::runtime_error
    // when it, or TLS 1.2 or newer, cannot be used. `host`: a name or an address without brackets.
    tls_context(std::string host, const std::string& ca_file);

    asio::ssl::context& context() { return context_; }
    const std::string& host() const { return host_; }

    // Before the handshake: whom to ask for, whose certificate to accept, what to resume. After a
    // failure there must be none: nobody's certificate would be told from another's.
    boost::system::error_code prepare(SSL*);

    // After a handshake that failed: what failed, for people, such as "the certificate has
    // expired". What is kept to resume is forgotten, since it may be why.
    std::string describe_failure(SSL*, const boost::system::error_code&);

private:
    std::string host_;  // without the dot of a fully qualified name
    bool is_address_;
    asio::ssl::context context_;
    tls_sessions sessions_;
};

}  // namespace memorypro::cloud
