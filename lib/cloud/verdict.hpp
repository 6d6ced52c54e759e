// What an outcome of a call means (DESIGN §5): pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "cloud/transport.hpp"

namespace memorypro::cloud {

enum class verdict {
    done,     // 2xx
    retry,    // later may be better: no connection, deadline, TLS, 408, 425, 429, 5xx, 3xx (of a
              // proxy or a portal in between), a 2xx that is not what was promised
    paused,   // 401, 403: the credentials
    refused,  // other 4xx, a recall's answer that is too large: this request will never do
};

struct judgement {
    verdict what = verdict::retry;
    std::string detail = {};  // of what is not done, for people: "503: the cloud's words"
    std::optional<std::chrono::seconds> retry_after = {};
    bool unknown_outcome = false;  // the cloud may have done it although it is not `done`
    bool too_large = false;        // a 2xx, whose body is over the transport's bound
    bool attempted = true;  // false: nothing was sent, as the circuit, stop() or a lack of free
                            // connections held it back
};

// A 2xx is `done` here; whoever reads its body turns it into not_promised() when it is not as
// promised. The outcome is unknown after 408 and 5xx, which a proxy may answer for a server that
// took the request, and wherever the request was sent and no answer came.
judgement judge(const outcome&, timestamp now);

// Of a 2xx whose body is not what the call promises.
judgement not_promised(const answer&);

// Whether the failure of one call says something of all: the credentials, or the way to the cloud.
// An answer to it, also one that makes no sense, or a long wait for one, concerns that call alone,
// but 401 is of the credentials; 403 may be of what they allow. A refusal shows a cloud that
// answers.
bool concerns_every_call(const outcome&, const judgement&);

// What a probe tells of the cloud by a failure that concerns its call alone: an answer shows a
// cloud that answers, so that it is `refused` here, unless a proxy may have given it for a cloud
// that is away (502, 503, 504). A Retry-After is for that call, not for the others.
judgement as_of_the_cloud(const outcome&, judgement);

// RFC 9110, 10.2.3: seconds or an HTTP date in any of its three forms. 0 when it has passed, at
// most a day, nullopt when it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view, timestamp now);

// The cloud's words out of an error body: its `detail`, `message` or `error`, each a text, an
// object with such a member, or a list of them as of a validation; else the body as it is. One
// line of UTF-8 without control characters, at most 300 bytes.
std::string words_of(std::string_view body);

}  // namespace memorypro::cloud
