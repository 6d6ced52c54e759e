// Names for the coroutine type that every module uses.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace memorypro {

namespace asio = boost::asio;

template <class T = void>
using awaitable = asio::awaitable<T, asio::io_context::executor_type>;

// The loop's own executor type, not any_io_executor: no type erasure on the request path.
using executor = asio::io_context::executor_type;
inline constexpr asio::use_awaitable_t<executor> use_awaitable{};
// The error is the first of the results.
inline constexpr auto no_throw = asio::as_tuple(use_awaitable);
using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, executor>;

}  // namespace memorypro
