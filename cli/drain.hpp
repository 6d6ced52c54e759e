// Waiting until the queue is empty, and how fast it gets there.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "cli/terminal.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace memorypro::cli {

// How fast a queue has become shorter lately.
class drain_rate {
public:
    using seconds = std::chrono::duration<double>;

    // `pending` at `when`, a time since any one moment, not before the last.
    void observe(std::int64_t pending, seconds when);

    double per_second() const;            // 0: it does not become shorter
    std::optional<seconds> left() const;  // none: not at this rate

private:
    struct sample {
        std::int64_t pending;
        seconds when;
    };
    std::deque<sample> samples_;  // the last few
};

// "[############            ]  50% 500 pending, 2 dead, 83/s, 6s left"; `most`: that were pending.
std::string drain_line(std::int64_t most, std::int64_t pending, std::int64_t dead,
                       const drain_rate&);

// How long the next flush may take. Each makes the daemon try at once, so that a cloud which takes
// nothing is asked more and more rarely.
std::chrono::seconds next_flush(std::chrono::seconds last, bool moved);

// --timeout and --no-progress of a verb that waits for the queue.
struct drain_arguments {
    int timeout = 30;  // seconds
    bool no_progress = false;

    CLI::Option* add_to(CLI::App&);  // the timeout's
    bool shows_progress() const { return !no_progress && stderr_is_terminal(); }
};

// Flushes until the queue is empty, and prints what is left. Throws failure (try_again) when it is
// not within the timeout, with what status says of the cloud.
void drain_queue(context&, const drain_arguments&);

}  // namespace memorypro::cli
