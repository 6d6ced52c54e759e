#include "http/listener.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "base/descriptor.hpp"

namespace memorypro::http {
namespace {

[[noreturn]] void fail(const std::string& what, int code = errno) {
    throw std::system_error(code, std::generic_category(), what);
}

descriptor open_socket(int family) {
    return descriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// Only a socket that refuses a connection is stale.
result<void> make_way(const std::string& path, const sockaddr_un& address) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0) {
        if (errno != ENOENT) fail(path);
        return result<void>();
    }
    if (!S_ISSOCK(found.st_mode))
        return error{errc::conflict, path + " exists and is not a socket; it is left alone"};
    const auto probe = open_socket(AF_UNIX);
    if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
        errno == EAGAIN)
        return error{errc::unavailable, path + " is served by another process"};
    if (errno != ECONNREFUSED) fail(path);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(path);
    return result<void>();
}

}  // namespace

listener::~listener() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!path_.empty()) ::unlink(path_.c_str());
}

result<listener> listen_unix(const std::string& path, unsigned mode) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return error{errc::conflict, path + " is too long for a Unix socket"};
    std::memcpy(address.sun_path, path.c_str(), path.size());
    if (const auto free = make_way(path, address); !free) return free.error();

    auto socket = open_socket(AF_UNIX);
    // Between bind and chmod nobody but the owner may connect.
    const auto mask = ::umask(0177);
    const int bound =
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int failure = errno;
    ::umask(mask);
    if (bound != 0) fail(path, failure);
    listener made(socket.release(), AF_UNIX, path);
    if (::listen(made.descriptor(), SOMAXCONN) != 0 || ::chmod(path.c_str(), mode) != 0) fail(path);
    return made;
}

result<listener> listen_tcp(const std::string& address) {
    const auto colon = address.rfind(':');
    if (colon == std::string::npos)
        return error{errc::conflict, address + " is not an address and a port"};
    std::string host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(host.empty() ? nullptr : host.c_str(),
                                      address.c_str() + colon + 1, &hints, &found);
    if (failure != 0) return error{errc::conflict, address + ": " + ::gai_strerror(failure)};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);

    listener made(open_socket(found->ai_family).release(), found->ai_family);
    const int on = 1;
    if (::setsockopt(made.descriptor(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(made.descriptor(), found->ai_addr, found->ai_addrlen) != 0 ||
        ::listen(made.descriptor(), SOMAXCONN) != 0)
        fail(address);
    return made;
}

std::string address_of(const listener& of) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    if (::getsockname(of.descriptor(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        fail("a listening socket's address");
    if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host, sizeof host, port,
                      sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return {};
    const std::string name = of.family() == AF_INET6 ? '[' + std::string(host) + ']' : host;
    return name + ':' + port;
}

result<listener> adopt(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    int accepting = 0;
    socklen_t flag_size = sizeof accepting;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepting, &flag_size) != 0 || !accepting)
        return error{errc::conflict, "descriptor " + std::to_string(fd) +
                                         " from the service manager is not a listening socket"};
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    return listener(fd, address.ss_family);
}

}  // namespace memorypro::http
