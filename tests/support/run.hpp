// Runs coroutines to their end, or fails the test at a deadline: an async test never hangs.
//
//     const auto found = run_with_deadline(loop, store.find_memory("m1"));
//
//     auto first = start(loop, store.accept_memory(…));   // both in flight
//     auto second = start(loop, store.accept_memory(…));
//     CHECK(finish(loop, first)); CHECK(finish(loop, second));
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <variant>

#include "base/async.hpp"
#include "support/catch.hpp"

namespace memorypro::test {

// Generous, since a test that passes never waits for it.
inline constexpr std::chrono::seconds deadline{30};

// Runs the loop until the condition holds; false: the deadline came, or nothing is left to run.
template <class Condition>
bool run_until(asio::io_context& loop, Condition holds,
               std::chrono::milliseconds within = deadline) {
    const auto end = std::chrono::steady_clock::now() + within;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        loop.restart();
        if (loop.run_one_for(std::chrono::milliseconds(5)) == 0 && loop.stopped()) return holds();
    }
    return true;
}

// For what another thread brings about.
template <class Condition>
bool eventually(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

template <class T>
struct outcome {
    using value_type = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
    std::optional<value_type> value;
    std::exception_ptr failure;
    bool done() const { return value || failure; }
};

template <class T>
std::shared_ptr<outcome<T>> start(asio::io_context& loop, awaitable<T> work) {
    auto out = std::make_shared<outcome<T>>();
    if constexpr (std::is_void_v<T>) {
        asio::co_spawn(loop.get_executor(), std::move(work), [out](std::exception_ptr failure) {
            out->failure = failure;
            if (!failure) out->value.emplace();
        });
    } else {
        asio::co_spawn(loop.get_executor(), std::move(work),
                       [out](std::exception_ptr failure, T value) {
                           out->failure = failure;
                           if (!failure) out->value.emplace(std::move(value));
                       });
    }
    return out;
}

// What the coroutine gave, or throws what it threw.
template <class T>
T finish(asio::io_context& loop, const std::shared_ptr<outcome<T>>& started) {
    if (!run_until(loop, [&] { return started->done(); })) FAIL("an awaited call did not complete");
    if (started->failure) std::rethrow_exception(started->failure);
    if constexpr (!std::is_void_v<T>) return std::move(*started->value);
}

template <class T>
T run_with_deadline(asio::io_context& loop, awaitable<T> work) {
    return finish(loop, start(loop, std::move(work)));
}

}  // namespace memorypro::test
