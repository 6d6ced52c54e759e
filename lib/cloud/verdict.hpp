// What an outcome of a call means (DESIGN §5): pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "cloud/transport.hpp"

namespace memorypro::cloud {

enum class verdict {
    done,     // 2xx
    retry,    // later may be better: no connection, deadline, TLS, 408, 425, 429, 5xx, 3xx, a 2xx
              // that is not what was promised
    paused,   // 401, 403: the credentials
    refused,  // other 4xx: this request will never do
};

struct judgement {
    verdict what = verdict::retry;
    std::string detail = {};  // of what is not done, for people: "503: the cloud's words"
    std::optional<std::chrono::seconds> retry_after = {};
    bool unknown_outcome = false;  // the cloud may have done it although it is not `done`
    bool attempted = true;         // false: the circuit held the call back, nothing was sent
};

// A 2xx is `done` here; whoever reads its body turns it into `retry` when it is not as promised.
judgement judge(const outcome&, timestamp now);

// RFC 9110, 10.2.3: seconds or an HTTP date; at most a day, nullopt when it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view, timestamp now);

// The cloud's words out of an error body (its `detail`, `message` or `error`, else the text), cut
// to a length that a log and a column can hold, printable.
std::string words_of(std::string_view body);

}  // namespace memorypro::cloud
