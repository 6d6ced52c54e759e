// A TCP port of the loopback interface on which a connect neither succeeds nor fails: its backlog
// is full.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace memorypro::test {

class full_listener {
public:
    explicit full_listener(const char* address = "127.0.0.1") {
        address_.sin_family = AF_INET;
        ::inet_pton(AF_INET, address, &address_.sin_addr);
        socklen_t size = sizeof address_;
        const int entrance = open();
        if (::bind(entrance, as_any(), size) != 0 || ::listen(entrance, 0) != 0 ||
            ::getsockname(entrance, as_any(), &size) != 0)
            throw std::runtime_error("cannot listen");
        while (connects_at_once())
            if (sockets_.size() > 64) throw std::runtime_error("the backlog does not fill");
    }
    ~full_listener() {
        for (const int one : sockets_)
            ::close(one);
    }
    full_listener(const full_listener&) = delete;
    full_listener& operator=(const full_listener&) = delete;

    std::uint16_t port() const { return ntohs(address_.sin_port); }

private:
    int open() {
        sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        return sockets_.back();
    }
    sockaddr* as_any() { return reinterpret_cast<sockaddr*>(&address_); }
    bool connects_at_once() {
        const int one = open();
        ::connect(one, as_any(), sizeof address_);
        ::usleep(2'000);
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        return ::getpeername(one, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
    }

    sockaddr_in address_{};
    std::vector<int> sockets_;
};

}  // namespace memorypro::test
