// Errors as RFC 9457 problem+json: the one place where an error becomes a status.
#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

namespace memorypro::http {

unsigned status_of(errc);

// type title status detail code request_id, and errors where fields are wrong. Overloaded and
// unavailable carry Retry-After.
reply problem(const error&, std::string_view request_id);

// For a status that no errc stands for, such as 405; `code` is its name for programs.
reply problem(unsigned status, std::string_view code, std::string_view detail,
              std::string_view request_id);

}  // namespace memorypro::http
