// The circuit breaker, which also holds calls back while the credentials are refused: a state
// machine without a clock or a socket.
//
// Closed: every call goes out. After 5 failures in a row, at once when a call ran into its
// deadline (another would hang as long), it opens: no call goes out until `probe_at`, then one at a
// time does (half open), and its success closes the circuit. A refused credential (401, 403) pauses
// calls likewise, with a probe a minute.
//
// Calls overlap, so results come late: of calls admitted before it opened or closed, or of a probe
// that probe_now() has replaced. A late success closes it, as it shows a cloud that answers. A late
// failure is no news: it neither counts nor moves the next probe, but for a Retry-After. Nor is a
// deadline news when the cloud has answered another call since this one was admitted: it is slow
// or busy, it does not hang.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "cloud/verdict.hpp"

namespace memorypro::cloud {

class circuit {
public:
    using time_point = std::chrono::steady_clock::time_point;
    enum class state { closed, open, half_open };

    // Of an admitted call, for its report.
    struct pass {
        std::uint64_t probe = 0;       // 0: not a probe
        std::uint64_t generation = 0;  // changes whenever the circuit opens or closes
        std::uint64_t answers = 0;     // so many were reported before it

        bool is_probe() const { return probe != 0; }
    };

    // Whether somebody waits for the call.
    enum class caller { foreground, background };

    static constexpr int failures_to_open = 5;
    static constexpr std::chrono::seconds paused_probe_every{60};

    // nullopt: the call must not go out now. Else it must be reported or abandoned. Where the last
    // failure ran into its deadline only a background call is the probe, since it may hang again.
    std::optional<pass> admit(caller, time_point now);
    bool would_admit(caller, time_point now) const;

    // What became of an admitted call. `refused` and `done` both show a cloud that answers.
    // `jitter`: 0 to 1, for the time of the next probe.
    void report(pass, const judgement&, bool ran_into_deadline, time_point now, double jitter);
    void abandon(
        pass);  // it was stopped, nothing is known: where it was the probe, the next call is

    // Lets the next call out at once, whoever makes it: somebody asks for it, or the credentials
    // are new. A probe that is out no longer counts as one.
    void probe_now();

    circuit::state current() const;
    bool paused() const { return paused_; }  // the last failure that counted was of the credentials
    std::optional<time_point> probe_at() const { return probe_at_; }  // open only; may have passed

private:
    static constexpr time_point at_once{};  // the clock's epoch: always past, safe to subtract

    bool is_news(pass, bool ran_into_deadline) const;
    void close();
    void open(const judgement&, bool ran_into_deadline, time_point now, double jitter);

    int failures_ = 0;  // in a row
    int openings_ = 0;  // in a row, without a success between
    bool paused_ = false;
    bool hung_ = false;        // the last failure that counted ran into its deadline
    bool asked_ = false;       // by probe_now(), for the call that comes next
    std::uint64_t probe_ = 0;  // the one that is out; 0: none
    std::uint64_t probes_ = 0;
    std::uint64_t generation_ = 0;
    std::uint64_t answers_ = 0;
    std::optional<time_point> probe_at_;
};

}  // namespace memorypro::cloud
