#include "cli/connect.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/failure.hpp"

namespace memorypro::cli {

// Blocking, because only a blocking connect waits for a place in the listener's queue.
int connect_to(const std::string& path, std::chrono::milliseconds timeout) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        throw failure(exit_code::usage, fmt::format("not a usable socket path: '{}'", path));
    std::memcpy(address.sun_path, path.data(), path.size());

    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) throw failure(exit_code::internal, std::strerror(errno));
    const timeval limit{timeout.count() / 1000, timeout.count() % 1000 * 1000};
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return descriptor;

    const int reason = errno;
    ::close(descriptor);
    if (reason == EACCES || reason == EPERM)
        throw failure(
            exit_code::not_permitted,
            fmt::format("not permitted to connect to {}: are you in the socket's group?", path));
    if (reason == EAGAIN)
        throw failure(exit_code::try_again, fmt::format("{} is busy: no connection was had", path));
    const bool absent = reason == ENOENT || reason == ECONNREFUSED;
    throw failure(exit_code::unreachable,
                  fmt::format("cannot connect to {}: {}{}", path, std::strerror(reason),
                              absent ? " (is memoryprod running?)" : ""));
}

}  // namespace memorypro::cli
