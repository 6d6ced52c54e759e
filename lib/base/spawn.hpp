// Starts a coroutine that nobody awaits; what it throws is logged, never lost.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <string_view>
#include <utility>

#include "base/async.hpp"
#include "base/log.hpp"

namespace memorypro {

inline void spawn(const executor& loop, std::string_view name, awaitable<> work) {
    asio::co_spawn(loop, std::move(work), [name](const std::exception_ptr& failure) {
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& what) {
            spdlog::critical("{} ended: {}", name, what.what());
        }
    });
}

}  // namespace memorypro
