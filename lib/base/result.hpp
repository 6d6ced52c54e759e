// Expected failures: a value or an error, never an exception.
//
// A broken machine (I/O error, corrupt database) throws instead; see DESIGN "three error tiers".
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <vector>

namespace memorypro {

enum class errc {
    bad_request,    // not JSON, not HTTP as we speak it
    not_found,      // no such memory, route or item
    invalid_field,  // JSON, but a field is wrong; `fields` names it
    unsupported,    // a body of another media type
    too_large,      // a body, line or field above its limit
    conflict,       // contradicts what is stored, such as an idempotency key with another body
    overloaded,     // too much in flight; worth a retry soon
    unavailable,    // the part that would answer is away; worth a retry later
    full,           // no disk or queue space
    internal,       // our fault; details are in the log
};

struct field_error {
    std::string field;   // path in the body or name in the query string: "tags[2]", "limit"
    std::string detail;  // what is wrong with it, as a phrase: "must be a string"
};

struct error {
    errc code = errc::internal;
    std::string detail;  // one sentence for people; never SQL, a stack or a secret
    std::vector<field_error> fields = {};
};

template <class T = void>
using result = boost::system::result<T, error>;

// Called by result<T>::value() on an error: a programming mistake, since errors are checked first.
[[noreturn]] void throw_exception_from_error(const error& failure,
                                             const boost::source_location& where);

inline error invalid_field(std::string field, std::string detail) {
    std::string summary = field + ": " + detail;
    return {errc::invalid_field, std::move(summary), {{std::move(field), std::move(detail)}}};
}

}  // namespace memorypro
