#include "cloud/call_scope.hpp"

#include <utility>

namespace memorypro::cloud {

call_scope::call_scope(const executor& loop, deadline until) : timer_(loop) {
    if (until <= std::chrono::steady_clock::now()) {
        ended_ = true;
        return;
    }
    timer_.expires_at(until);
    timer_.async_wait([weak = std::weak_ptr(self_)](boost::system::error_code cancelled) {
        const auto self = weak.lock();
        if (self && !cancelled) (*self)->end(no_answer::reason::deadline);
    });
}

void call_scope::end(no_answer::reason why) {
    if (ended_) return;
    ended_ = true;
    why_ = why;
    timer_.cancel();
    if (interrupt_) interrupt_();
}

no_answer call_scope::failure(bool sent) const {
    if (why_ == no_answer::reason::stopped) return {why_, "the call was stopped", sent};
    return {why_, "no answer in time: the deadline came while " + std::string(what_), sent};
}

call_scope::step::step(call_scope& scope, std::string_view what, std::function<void()> interrupt)
    : scope_(scope) {
    scope_.what_ = what;
    scope_.interrupt_ = std::move(interrupt);
}

}  // namespace memorypro::cloud
