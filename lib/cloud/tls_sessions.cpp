#include "cloud/tls_sessions.hpp"

#include <ctime>

namespace memorypro::cloud {
namespace {

// Asio owns the context's application data (index 0).
int slot() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

std::time_t made_at(const SSL_SESSION* one) {
#if OPENSSL_VERSION_NUMBER >= 0x30300000L
    return SSL_SESSION_get_time_ex(one);
#else
    return SSL_SESSION_get_time(one);
#endif
}

bool is_fresh(const SSL_SESSION* one) {
    return SSL_SESSION_is_resumable(one) == 1 &&
           made_at(one) + SSL_SESSION_get_timeout(one) > std::time(nullptr);
}

}  // namespace

tls_sessions::tls_sessions(SSL_CTX* context) : context_(context) {
    SSL_CTX_set_ex_data(context_, slot(), this);
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context_, &take);
}

tls_sessions::~tls_sessions() {
    SSL_CTX_sess_set_new_cb(context_, nullptr);
}

int tls_sessions::take(SSL* from, SSL_SESSION* given) {
    auto& self = *static_cast<tls_sessions*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(from), slot()));
    if (self.kept_.size() == most_kept) self.kept_.erase(self.kept_.begin());
    self.kept_.emplace_back(given);
    return 1;  // the reference is ours now
}

void tls_sessions::offer(SSL* to) {
    while (!kept_.empty() && !is_fresh(kept_.back().get()))
        kept_.pop_back();
    if (kept_.empty()) return;
    SSL_set_session(to, kept_.back().get());
    // RFC 8446, C.4: a ticket of TLS 1.3 is used once, so that connections cannot be linked.
    if (SSL_SESSION_get_protocol_version(kept_.back().get()) >= TLS1_3_VERSION) kept_.pop_back();
}

}  // namespace memorypro::cloud
