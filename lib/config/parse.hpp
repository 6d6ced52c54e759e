// Text to values. An error's detail is a phrase that follows the key's name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace memorypro::config {

// `must` and what was given instead, cut and made printable.
error invalid(std::string_view must, std::string_view given);

// ASCII only.
std::string lower(std::string_view);

bool has_control_character(std::string_view);

// true false 1 0 yes no on off, any case.
result<bool> parse_boolean(std::string_view);

// Decimal digits, with a minus if `least` is negative.
result<std::int64_t> parse_integer(std::string_view, std::int64_t least, std::int64_t most);

// Bytes; K, M and G (any case) are multiples of 1024.
result<std::uint64_t> parse_size(std::string_view, std::uint64_t least, std::uint64_t most);
std::string format_size(std::uint64_t);  // "1G" where that is exact

// Octal, 0 to 0777.
result<unsigned> parse_file_mode(std::string_view);

// Nothing expands ~ and $ here, so a path that begins with one is a mistake.
result<std::string> parse_path(std::string_view);

// At most 4096 bytes and fit for an HTTP header. The error never quotes it.
result<std::string> parse_secret(std::string_view);

// Where to listen. An address, not a name, so that the daemon starts without a resolver.
struct endpoint {
    std::string address;     // IPv4, or IPv6 without brackets
    std::uint16_t port = 0;  // 0: any free one
};

// "127.0.0.1:8080", "[::1]:8080"; "localhost:8080" is 127.0.0.1.
result<endpoint> parse_endpoint(std::string_view);

}  // namespace memorypro::config
