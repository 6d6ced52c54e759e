#include "cloud/circuit.hpp"

#include <algorithm>

#include "cloud/backoff.hpp"

namespace memorypro::cloud {
namespace {

// What the cloud itself asks for; 0: nothing.
std::chrono::milliseconds asked_wait(const judgement& why) {
    return next_delay(1, why.retry_after, 0);
}

}  // namespace

circuit::state circuit::current() const {
    if (probe_ != 0) return state::half_open;
    return probe_at_ ? state::open : state::closed;
}

bool circuit::would_admit(caller who, time_point now) const {
    switch (current()) {
        case state::closed:
            return true;
        case state::half_open:
            return false;
        case state::open:
            break;
    }
    return now >= *probe_at_ && (asked_ || !hung_ || who == caller::background);
}

std::optional<circuit::pass> circuit::admit(caller who, time_point now) {
    if (!would_admit(who, now)) return std::nullopt;
    if (current() == state::closed) return pass{0, generation_, answers_};
    asked_ = false;
    probe_at_.reset();
    probe_ = ++probes_;
    return pass{probe_, generation_, answers_};
}

bool circuit::is_news(pass of, bool ran_into_deadline) const {
    return of.generation == generation_ && (!ran_into_deadline || of.answers == answers_);
}

void circuit::report(pass of, const judgement& made, bool ran_into_deadline, time_point now,
                     double jitter) {
    if (made.what == verdict::done || made.what == verdict::refused) {
        ++answers_;
        return close();
    }
    if (current() == state::closed) {
        if (!is_news(of, ran_into_deadline)) return;
        ++failures_;
        if (made.what == verdict::paused || ran_into_deadline || failures_ >= failures_to_open)
            open(made, ran_into_deadline, now, jitter);
    } else if (probe_ != 0 && of.probe == probe_) {
        open(made, ran_into_deadline, now, jitter);
    } else if (probe_at_ && !asked_ && made.retry_after) {
        probe_at_ = std::max(*probe_at_, now + asked_wait(made));
    }
}

void circuit::abandon(pass of) {
    if (probe_ == 0 || of.probe != probe_) return;
    probe_ = 0;
    probe_at_ = at_once;
}

void circuit::probe_now() {
    if (current() == state::closed) return;
    probe_ = 0;
    probe_at_ = at_once;
    asked_ = true;
}

void circuit::close() {
    if (current() != state::closed) ++generation_;
    failures_ = 0;
    openings_ = 0;
    paused_ = false;
    asked_ = false;
    probe_ = 0;
    probe_at_.reset();
}

void circuit::open(const judgement& why, bool ran_into_deadline, time_point now, double jitter) {
    ++generation_;
    paused_ = why.what == verdict::paused;
    hung_ = ran_into_deadline;
    probe_ = 0;
    if (paused_) {
        probe_at_ = now + std::max<std::chrono::milliseconds>(asked_wait(why), paused_probe_every);
    } else {
        probe_at_ = now + next_delay(++openings_, why.retry_after, jitter);
    }
}

}  // namespace memorypro::cloud
