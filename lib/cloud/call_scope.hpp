// What bounds a call: one deadline over all its steps, and the transport's stop().
//
// At either, the step that the call waits in is interrupted; the call then asks ended() and says
// why it has no answer. Used on the loop.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/async.hpp"
#include "cloud/transport.hpp"

namespace memorypro::cloud {

class call_scope {
public:
    // Armed from now on. A deadline that is over already ends it at once.
    call_scope(const executor&, deadline);
    call_scope(const call_scope&) = delete;
    call_scope& operator=(const call_scope&) = delete;

    bool ended() const { return ended_; }
    void stop() { end(no_answer::reason::stopped); }

    // The failure of a call that has ended().
    no_answer failure(bool sent) const;

    // One thing that the call waits for, such as "connecting" (static text). While it lives,
    // `interrupt` is called at the scope's end. No step is begun within another or after the end.
    class step {
    public:
        step(call_scope&, std::string_view what, std::function<void()> interrupt);
        ~step() { scope_.interrupt_ = nullptr; }
        step(const step&) = delete;
        step& operator=(const step&) = delete;

    private:
        call_scope& scope_;
    };

private:
    void end(no_answer::reason);

    timer timer_;
    bool ended_ = false;
    no_answer::reason why_ = no_answer::reason::deadline;
    std::string_view what_ = "starting";
    std::function<void()> interrupt_;
    // The timer's handler may be run after this is gone.
    std::shared_ptr<call_scope*> self_ = std::make_shared<call_scope*>(this);
};

}  // namespace memorypro::cloud
