#include "cli/drain.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <iostream>
#include <limits>

#include "cli/failure.hpp"
#include "cli/health.hpp"
#include "cli/json.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"

namespace memorypro::cli {

using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t samples_kept = 10;
constexpr seconds shortest{1};
constexpr seconds longest{8};

struct flushed {
    std::string answer;
    bool drained = false;
    std::int64_t pending = 0;
    std::int64_t dead = 0;
    bool gave_up = false;  // before its time: nothing would come of waiting
};

flushed flush_once(context& shared, seconds patience) {
    const auto began = steady_clock::now();
    shared.daemon().allow(patience);
    auto answer = shared.daemon().call(
        method::post,
        target("/api/v1/queue/flush").parameter("timeout", std::to_string(patience.count())));
    const auto outcome = parse_object(answer);
    const bool drained = flag_at(outcome, "drained");
    const bool early = steady_clock::now() - began < patience / 2.0;
    return {std::move(answer), drained, integer_at(outcome, "pending"), integer_at(outcome, "dead"),
            !drained && early};
}

// What the progress shows: the state of the last flush, and how it came to it.
class drain_progress {
public:
    explicit drain_progress(bool shown) : line_(shown) {}

    // Whether it has become shorter; true at first.
    bool advance(const flushed& now) {
        const bool moved = now.pending < last_;
        last_ = now.pending;
        most_ = std::max(most_, now.pending);
        rate_.observe(now.pending, steady_clock::now() - start_);
        line_.draw(drain_line(most_, now.pending, now.dead, rate_));
        return moved;
    }

private:
    drawn_line line_;
    drain_rate rate_;
    steady_clock::time_point start_ = steady_clock::now();
    std::int64_t last_ = std::numeric_limits<std::int64_t>::max();  // nothing was seen yet
    std::int64_t most_ = 0;
};

flushed flush_until(context& shared, steady_clock::time_point deadline, bool shows_progress) {
    drain_progress bar(shows_progress);
    auto patience = shortest;
    for (;;) {
        const auto now = flush_once(shared, patience);
        const bool moved = bar.advance(now);
        const auto left = std::chrono::round<seconds>(deadline - steady_clock::now());
        if (now.drained || now.gave_up || left < shortest) return now;
        patience = std::min(next_flush(patience, moved), left);
    }
}

}  // namespace

void drain_rate::observe(std::int64_t pending, seconds when) {
    samples_.push_back({pending, when});
    if (samples_.size() > samples_kept) samples_.pop_front();
}

double drain_rate::per_second() const {
    if (samples_.size() < 2) return 0;
    const auto time = samples_.back().when - samples_.front().when;
    const auto gone = samples_.front().pending - samples_.back().pending;
    return gone > 0 && time > seconds{0} ? static_cast<double>(gone) / time.count() : 0;
}

std::optional<drain_rate::seconds> drain_rate::left() const {
    const auto rate = per_second();
    if (rate <= 0) return {};
    return seconds(static_cast<double>(samples_.back().pending) / rate);
}

std::string drain_line(std::int64_t most, std::int64_t pending, std::int64_t dead,
                       const drain_rate& rate) {
    std::string line;
    if (most > 0)
        line = progress_bar(static_cast<std::uint64_t>(most - pending),
                            static_cast<std::uint64_t>(most));
    line += fmt::format("{} pending, {} dead", pending, dead);
    if (const auto left = rate.left())
        line +=
            fmt::format(", {:.{}f}/s, {} left", rate.per_second(), rate.per_second() < 10 ? 1 : 0,
                        human_seconds(static_cast<std::int64_t>(std::ceil(left->count()))));
    return line;
}

seconds next_flush(seconds last, bool moved) {
    return moved ? shortest : std::min(last * 2, longest);
}

CLI::Option* drain_arguments::add_to(CLI::App& app) {
    app.add_flag("--no-progress", no_progress, "No progress on the terminal");
    return app.add_option("--timeout", timeout, "Seconds to wait for the queue (30)")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 86400));
}

void drain_queue(context& shared, const drain_arguments& given) {
    const auto deadline = steady_clock::now() + seconds(given.timeout);
    const auto last = flush_until(shared, deadline, given.shows_progress());
    if (shared.json)
        shared.print_json(last.answer);
    else
        std::cout << fmt::format("{} pending, {} dead\n", last.pending, last.dead);
    if (last.drained) return;

    const auto why =
        why_not_sent(parse_object(shared.daemon().call(method::get, target("/api/v1/status"))));
    throw failure(exit_code::try_again,
                  fmt::format("not drained{}{}{}",
                              last.gave_up ? "" : fmt::format(" within {} s", given.timeout),
                              why.empty() ? "" : ": ", why));
}

}  // namespace memorypro::cli
