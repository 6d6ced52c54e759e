#include "load_generator.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "answer_parser.hpp"
#include "measure.hpp"
#include "process.hpp"
#include "usage.hpp"

namespace memorypro::bench {
namespace {

using steady = std::chrono::steady_clock;

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&&) = delete;
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }

private:
    int number_;
};

descriptor connect_unix(const std::string& path) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("socket path too long");
    std::memcpy(address.sun_path, path.data(), path.size());
    descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) throw_errno("socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw_errno("connect");
    }
    return socket;
}

descriptor connect_tcp(const std::string& address) {
    const auto colon = address.rfind(':');
    sockaddr_in peer = {};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
    if (::inet_pton(AF_INET, address.substr(0, colon).c_str(), &peer.sin_addr) != 1)
        throw std::runtime_error("no address: " + address);
    descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) throw_errno("socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0)
        throw_errno("connect");
    const int on = 1;
    if (::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        throw_errno("setsockopt");
    return socket;
}

descriptor connect_to(const std::string& where) {
    auto socket = where.starts_with('/') ? connect_unix(where) : connect_tcp(where);
    if (::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) throw_errno("fcntl");
    return socket;
}

struct connection {
    descriptor socket;
    std::string input;
    std::string unsent;
    steady::time_point sent_at;
};

class generator {
public:
    explicit generator(const load& wanted) : load_(wanted), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        if (epoll_.get() < 0) throw_errno("epoll_create1");
        connections_.reserve(load_.connections);
        for (std::size_t i = 0; i < load_.connections; ++i) {
            connections_.push_back({connect_to(load_.socket), {}, {}, {}});
            control(EPOLL_CTL_ADD, i, EPOLLIN);
        }
    }

    load_result run() {
        const double cpu_before = own_thread_cpu_seconds();
        const auto seconds = [](double value) {
            return std::chrono::duration_cast<steady::duration>(
                std::chrono::duration<double>(value));
        };
        now_ = steady::now();
        measure_from_ = now_ + seconds(load_.warmup_seconds);
        measure_until_ = load_.requests != 0 ? steady::time_point::max()
                                             : measure_from_ + seconds(load_.seconds);
        for (std::size_t i = 0; i < connections_.size(); ++i)
            send_next(i);
        auto last_progress = now_;
        while (in_flight_ > 0) {
            check_interrupted();
            if (wait_once()) last_progress = now_;
            if (now_ - last_progress > std::chrono::seconds(30)) {
                throw std::runtime_error("no answer for 30 seconds");
            }
        }
        const auto measured = load_.requests != 0 ? now_ - measure_from_ : seconds(load_.seconds);
        result_.seconds = std::chrono::duration<double>(measured).count();
        result_.client_cpu_seconds = own_thread_cpu_seconds() - cpu_before;
        return std::move(result_);
    }

private:
    void control(int operation, std::size_t index, std::uint32_t events) {
        epoll_event event = {};
        event.events = events;
        event.data.u64 = index;
        const int socket = connections_[index].socket.get();
        if (::epoll_ctl(epoll_.get(), operation, socket, &event) != 0) throw_errno("epoll_ctl");
    }

    bool wait_once() {
        std::array<epoll_event, 64> events = {};
        const int count =
            ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 200);
        if (count < 0 && errno != EINTR) throw_errno("epoll_wait");
        now_ = steady::now();
        for (int i = 0; i < count; ++i) {
            const auto& event = events[static_cast<std::size_t>(i)];
            const auto index = static_cast<std::size_t>(event.data.u64);
            if ((event.events & EPOLLOUT) != 0) send_rest(index);
            if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(index);
        }
        return count > 0;
    }

    void send_next(std::size_t index) {
        const bool more = load_.requests != 0 ? issued_ < load_.requests : now_ < measure_until_;
        if (!more) return;
        auto& peer = connections_[index];
        const auto request = load_.next();
        ++issued_;
        ++in_flight_;
        now_ = peer.sent_at = steady::now();
        const std::size_t taken = send_some(peer, request);
        if (taken < request.size()) {
            peer.unsent.assign(request.substr(taken));
            control(EPOLL_CTL_MOD, index, EPOLLIN | EPOLLOUT);
        }
    }

    void send_rest(std::size_t index) {
        auto& peer = connections_[index];
        peer.unsent.erase(0, send_some(peer, peer.unsent));
        if (peer.unsent.empty()) control(EPOLL_CTL_MOD, index, EPOLLIN);
    }

    static std::size_t send_some(connection& peer, std::string_view bytes) {
        const ssize_t sent = ::send(peer.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) throw_errno("send");
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }

    void receive(std::size_t index) {
        auto& peer = connections_[index];
        std::array<char, 16384> bytes;
        const ssize_t got = ::recv(peer.socket.get(), bytes.data(), bytes.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got < 0) throw_errno("recv");
        if (got == 0) throw std::runtime_error("the server closed the connection");
        peer.input.append(bytes.data(), static_cast<std::size_t>(got));
        const auto found = parse_answer(load_.protocol, load_.expected_status, peer.input);
        if (!found) return;
        record(peer, *found);
        peer.input.erase(0, found->length);
        send_next(index);
    }

    void record(const connection& peer, const answer& found) {
        now_ = steady::now();
        --in_flight_;
        ++result_.answered;
        if (now_ >= measure_from_ && now_ < measure_until_) {
            result_.latencies_ns.push_back(saturated_ns(now_ - peer.sent_at));
        }
        if (!found.as_expected && ++result_.refused == 1) {
            result_.first_refusal = peer.input.substr(0, std::min<std::size_t>(found.length, 400));
            std::replace_if(
                result_.first_refusal.begin(), result_.first_refusal.end(),
                [](char one) { return one == '\r' || one == '\n'; }, ' ');
        }
        if (load_.on_body) load_.on_body(found.body);
    }

    const load& load_;
    descriptor epoll_;
    std::vector<connection> connections_;
    load_result result_;
    std::uint64_t issued_ = 0;
    std::size_t in_flight_ = 0;
    steady::time_point now_;
    steady::time_point measure_from_;
    steady::time_point measure_until_;
};

}  // namespace

load_result run_load(const load& wanted) {
    return generator(wanted).run();
}

}  // namespace memorypro::bench
