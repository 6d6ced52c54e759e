#include "cloud/resolver.hpp"

#include <fmt/format.h>
#include <netdb.h>

#include <boost/asio/post.hpp>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "cloud/enlisted.hpp"
#include "cloud/wakeup.hpp"

namespace memorypro::cloud {

addresses system_lookup(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (failure != 0) return error{errc::unavailable, ::gai_strerror(failure)};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);

    std::vector<endpoint> all;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        endpoint to;
        if (one->ai_addrlen > to.capacity()) continue;
        to.resize(one->ai_addrlen);
        std::memcpy(to.data(), one->ai_addr, one->ai_addrlen);
        all.push_back(to);
    }
    if (all.empty()) return error{errc::unavailable, "it has no address"};
    return all;
}

// Read and written on the loop.
struct resolver::lookup {
    std::list<wakeup*> waiting;
    std::optional<addresses> found;
};

// Through which a lookup's thread reaches the loop, for as long as there is one.
struct resolver::gate {
    std::mutex mutex;
    std::optional<executor> loop;
};

resolver::resolver(executor loop, lookup_function function, std::string host, std::uint16_t port)
    : executor_(std::move(loop)),
      function_(std::move(function)),
      host_(std::move(host)),
      port_(port),
      gate_(std::make_shared<gate>()) {
    gate_->loop.emplace(executor_);
}

void resolver::stop() {
    const std::lock_guard lock(gate_->mutex);
    gate_->loop.reset();
}

awaitable<addresses> resolver::resolve(call_scope& scope) {
    boost::system::error_code not_an_address;
    const auto literal = asio::ip::make_address(host_, not_an_address);
    if (!not_an_address) co_return std::vector{endpoint(literal, port_)};

    if (!running_ || running_->found) {
        running_ = std::make_shared<lookup>();
        begin(running_);
    }
    const auto mine = running_;
    wakeup news(executor_);
    const enlisted waiting(mine->waiting, news);
    const call_scope::step step(scope, "looking up the host's address", [&] { news.wake(); });
    while (!mine->found && !scope.ended())
        co_await news.wait();
    if (mine->found) co_return *mine->found;
    co_return error{errc::unavailable, "the lookup was given up"};
}

void resolver::begin(const std::shared_ptr<lookup>& one) {
    const auto work = [one, function = function_, host = host_, port = port_, gate = gate_] {
        auto found = function(host, port);
        if (!found)
            found = error{errc::unavailable, fmt::format("cannot find the address of {}: {}", host,
                                                         found.error().detail)};
        const std::lock_guard lock(gate->mutex);
        if (!gate->loop) return;
        asio::post(*gate->loop, [one, found = std::move(found)]() mutable {
            one->found = std::move(found);
            for (wakeup* waiter : one->waiting)
                waiter->wake();
        });
    };
    try {
        std::thread(work).detach();
    } catch (const std::system_error& failure) {
        one->found = error{errc::unavailable,
                           fmt::format("cannot look up {}: {}", host_, failure.code().message())};
    }
}

}  // namespace memorypro::cloud
