// Expected failures: a value or an error, never an exception.
//
// A broken machine (I/O error, corrupt database) throws instead; see DESIGN "three error tiers".
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
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
    refused,        // the cloud will never take it; `detail` has its words
    inapplicable,   // what it is about does not allow it, whatever is sent
    no_cloud,       // asks for a cloud where none is configured
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
    std::optional<std::chrono::seconds> retry_after = {};  // unavailable: when it is known
};

template <class T = void>
using result = boost::system::result<T, error>;

// An error where there is no result to hold it, as from value(); whoever answers unwraps it.
class failed : public std::runtime_error {
public:
    explicit failed(error why) : std::runtime_error(why.detail), why_(std::move(why)) {}
    const error& why() const { return why_; }

private:
    error why_;
};

[[noreturn]] inline void throw_exception_from_error(const error& why,
                                                    const boost::source_location&) {
    throw failed(why);
}

inline error invalid_field(std::string field, std::string detail) {
    std::string summary = field + ": " + detail;
    return {errc::invalid_field, std::move(summary), {{std::move(field), std::move(detail)}}};
}

}  // namespace memorypro
