// Work that goes on beside its maker, who asks for its value later, or never.
//
//     beside<int> slow(executor, ask_the_disk());
//     const auto fast = co_await ask_the_network();
//     use(fast, co_await slow.value());
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "base/async.hpp"

namespace memorypro {

template <class T>
class beside {
public:
    beside(const executor& loop, awaitable<T> work) : end_(std::make_shared<end>(loop)) {
        asio::co_spawn(loop, std::move(work), [to = end_](std::exception_ptr failure, T value) {
            to->failure = std::move(failure);
            to->value.emplace(std::move(value));
            to->come.cancel();
        });
    }

    // Once: what the work gave, or throws what it threw.
    awaitable<T> value() { return wait(end_); }

private:
    struct end {
        explicit end(const executor& loop) : come(loop, timer::time_point::max()) {}
        timer come;  // never expires
        std::optional<T> value;
        std::exception_ptr failure;
    };

    static awaitable<T> wait(std::shared_ptr<end> of) {
        if (!of->value) co_await of->come.async_wait(no_throw);
        if (of->failure) std::rethrow_exception(of->failure);
        co_return std::move(*of->value);
    }

    std::shared_ptr<end> end_;
};

}  // namespace memorypro
