// The Idempotency-Key header
// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header).
#pragma once

#include <string>

#include "base/result.hpp"
#include "http/exchange.hpp"

namespace memorypro::http {

// Empty: the client gave none. `invalid_field`: it is too long.
result<std::string> idempotency_key(const exchange&);

}  // namespace memorypro::http
