// The TLS sessions that a server gave and that new connections resume: no certificates on the wire
// and no signatures computed.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <vector>

namespace memorypro::cloud {

class tls_sessions {
public:
    // Collects what the server gives on connections of the context, which must not do any more
    // input or output after this is gone.
    explicit tls_sessions(SSL_CTX*);
    ~tls_sessions();
    tls_sessions(const tls_sessions&) = delete;
    tls_sessions& operator=(const tls_sessions&) = delete;

    // Lets the connection, before its handshake, resume the newest session there is.
    void offer(SSL*);

    void forget() { kept_.clear(); }

private:
    struct release {
        void operator()(SSL_SESSION* one) const { SSL_SESSION_free(one); }
    };
    using session = std::unique_ptr<SSL_SESSION, release>;

    static constexpr std::size_t most_kept = 32;

    static int take(SSL*, SSL_SESSION*);

    SSL_CTX* context_;
    std::vector<session> kept_;  // the newest last
};

}  // namespace memorypro::cloud
