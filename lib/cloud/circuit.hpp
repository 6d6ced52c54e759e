// The circuit breaker, which also holds calls back while the credentials are refused: a state
// machine without a clock or a socket.
//
// Closed: every call goes out. After 5 failures in a row, at once when a call ran into its
// deadline (another would hang as long), it opens: no call goes out until `probe_at`, then one at a
// time does (half open) and its success closes the circuit. A refused credential (401, 403) pauses
// calls likewise, with a probe a minute.
#pragma once

#include <chrono>
#include <optional>

#include "cloud/verdict.hpp"

namespace memorypro::cloud {

class circuit {
public:
    using time_point = std::chrono::steady_clock::time_point;
    enum class state { closed, open, half_open };

    static constexpr int failures_to_open = 5;
    static constexpr std::chrono::seconds paused_probe_every{60};

    // Whether a call may go out now. True in `open` at its time: the caller is the probe, and must
    // report() or abandon().
    bool admit(time_point now);

    // What became of an admitted call. `refused` and `done` both show a cloud that answers.
    // `jitter`: 0 to 1, for the time of the next probe.
    void report(const judgement&, bool ran_into_deadline, time_point now, double jitter);
    void abandon();  // an admitted call that was stopped: nothing is known

    // Lets the next call out at once: somebody asks for it, or the credentials are new.
    void probe_now();

    circuit::state current() const;
    bool paused() const;                         // the credentials were refused last
    std::optional<time_point> probe_at() const;  // nullopt: closed, or a probe is out

private:
    int failures_ = 0;  // in a row
    int openings_ = 0;  // in a row, without a success between
    bool paused_ = false;
    bool probing_ = false;
    std::optional<time_point> probe_at_;
};

}  // namespace memorypro::cloud
