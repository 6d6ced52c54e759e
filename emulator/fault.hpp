// What is to go wrong, for which requests and how often; and the ways to say it. Pure.
//
// As text:  rate_limit:count=3,retry_after=2      (--fault; a comma belongs to a value unless the
//           reject:matching=poison, the red one    name of a key and "=" follow it)
// As JSON:  {"fault":"rate_limit","count":3,"retry_after":2}
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace memorypro::emulator {

// The calls of the contract (DESIGN §5), as a fault's `path` names them.
inline constexpr auto calls = std::to_array<std::string_view>(
    {"memory/store", "memory/sync", "memory/recall", "memory/insights", "webhooks/register"});

struct fault {
    enum class kind {
        down,                // closes the connection as soon as the head has come
        hang,                // no answer until the fault is cleared or the client goes
        slow,                // the answer comes `delay_ms` late
        drip,                // the answer comes a byte at a time, one each `delay_ms`
        reset_after_accept,  // does the work durably, then cuts the connection
        unauthorized,        // 401
        forbidden,           // 403
        reject,              // 422 with `detail`
        rate_limit,          // 429 with Retry-After: `retry_after` seconds
        error,               // 500 or 503: `status`
        garbage,             // bytes that are not HTTP
        not_json,            // 200 with a page for people
        truncated,           // does the work, then half the answer comes
        oversized,           // an answer that does not end
    };

    kind what = kind::down;
    std::optional<std::uint32_t> count = {};  // the next so many requests; none: all
    std::string path = {};                    // one of the calls; empty: each
    std::string matching = {};  // a text in the memory's content or the query; empty: any
    std::chrono::milliseconds delay{};
    std::chrono::seconds retry_after{1};
    unsigned status = 503;
    std::string detail = {};

    bool operator==(const fault&) const = default;
};

std::string_view to_string(fault::kind);

// `invalid_field`: the text or the member that is wrong, and what would be right.
result<fault> parse_fault(std::string_view text);
result<fault> parse_fault(const json::object&);

json::object to_object(const fault&);

// The kinds' names, for the help.
std::string fault_names();

}  // namespace memorypro::emulator
