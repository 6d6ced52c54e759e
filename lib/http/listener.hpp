// Sockets to accept on. What contradicts the configuration is an error (`conflict`), a path that
// another process serves is one too (`unavailable`), a system call
// that fails throws std::system_error with the path or address in its text.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace memorypro::http {

// Owns a listening socket, and for a Unix socket that it made the path, which it removes.
class listener {
public:
    listener(int descriptor, int family, std::string path = {})
        : descriptor_(descriptor), family_(family), path_(std::move(path)) {}
    listener(listener&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)),
          family_(other.family_),
          path_(std::exchange(other.path_, {})) {}
    listener& operator=(listener&&) = delete;
    ~listener();

    int family() const { return family_; }
    int descriptor() const { return descriptor_; }
    int release() { return std::exchange(descriptor_, -1); }  // the path stays owned

private:
    int descriptor_;
    int family_;
    std::string path_;
};

// Where a TCP listener listens, as listen_tcp takes it, with the port that it got.
std::string address_of(const listener&);

// A Unix socket at the path with this mode. A stale socket, one that nobody accepts on, is
// replaced; a socket in use and a path that is not a socket are errors.
result<listener> listen_unix(const std::string& path, unsigned mode);

// "127.0.0.1:8080", "[::1]:8080" or "localhost:8080"; port 0 takes any.
result<listener> listen_tcp(const std::string& address);

// A listening socket that a service manager hands over.
result<listener> adopt(int descriptor);

}  // namespace memorypro::http
