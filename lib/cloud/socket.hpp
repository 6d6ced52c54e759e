// Names for the sockets of the cloud's transport.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/async.hpp"

namespace memorypro::cloud {

using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
using endpoint = asio::ip::tcp::endpoint;

}  // namespace memorypro::cloud
