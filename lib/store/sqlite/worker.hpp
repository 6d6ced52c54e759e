// A thread that owns a connection and runs jobs on it; the event loop awaits their answers.
//
// Jobs that wait together run together: the writer commits all of them at once (group commit), the
// answers travel back to the loop in one hop. A job in flight holds the loop open and cannot be
// cancelled. The queue's bound is its callers': each awaits its answer, and the servers bound their
// number.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

// What the batch that a job belongs to must survive once it is answered.
enum class effect { reads, derives, commits };

class job {
public:
    explicit job(effect e) : effect_(e) {}
    virtual ~job() = default;
    virtual void execute(connection&) = 0;      // on the worker's thread; may throw
    virtual void fail(std::exception_ptr) = 0;  // instead of, or after, execute
    virtual void complete() = 0;                // on the loop
    effect what() const { return effect_; }

private:
    effect effect_;
};
using batch = std::vector<std::unique_ptr<job>>;

void run_alone(job&, connection&);

// For a full disk, a database that was busy for too long, an index that can be built again and what
// was thrown as `failed`; nullopt for what is broken.
std::optional<error> expected_error(const std::exception_ptr&);

class worker {
public:
    // Runs the batch; every job has executed or failed when it returns. Called on the thread.
    using run_batch = std::function<void(batch&)>;
    // Work that nobody waits for. Called on the thread after each batch, with the jobs it had, and
    // with 0 when no job has come for a while; true: there is more of it to do.
    using run_idle = std::function<bool(std::size_t jobs)>;

    worker(executor loop, const char* name, run_batch, run_idle = {});
    ~worker();  // finishes what is queued

    // Runs `work(connection&)` on the thread and gives what it returns, or throws what it throws. A
    // full disk and a database that is busy for too long become the result's error where it
    // returns a result, else they are thrown as `failed`.
    template <class Work>
    auto submit(effect, Work work) -> awaitable<std::invoke_result_t<Work&, connection&>>;

    void enqueue(std::unique_ptr<job>);

private:
    template <class Work, class Handler>
    class job_for;

    void run();
    bool wait_for_jobs(batch& taken, bool idle_work);  // false: stop
    void deliver(batch);

    executor loop_;
    run_batch run_batch_;
    run_idle run_idle_;
    std::mutex mutex_;
    std::condition_variable wake_;
    batch queue_;
    bool stopping_ = false;
    std::thread thread_;
};

template <class Work, class Handler>
class worker::job_for final : public job {
public:
    using value = std::invoke_result_t<Work&, connection&>;

    job_for(effect e, Work work, Handler handler, executor loop)
        : job(e),
          work_(std::move(work)),
          handler_(std::move(handler)),
          guard_(asio::make_work_guard(loop)) {}

    void execute(connection& db) override { value_.emplace(work_(db)); }
    void fail(std::exception_ptr failure) override { failure_ = std::move(failure); }
    void complete() override {
        auto handler = std::move(handler_);
        auto failure = std::move(failure_);
        value answer = !failure && value_ ? std::move(*value_) : value{};
        if (failure) {
            auto expected = expected_error(failure);
            if constexpr (std::is_constructible_v<value, error>) {
                if (expected) {
                    answer = std::move(*expected);
                    failure = nullptr;
                }
            } else if (expected) {
                failure = std::make_exception_ptr(failed(std::move(*expected)));
            }
        }
        std::move(handler)(std::move(failure), std::move(answer));
    }

private:
    Work work_;
    Handler handler_;
    asio::executor_work_guard<executor> guard_;
    std::optional<value> value_;
    std::exception_ptr failure_;
};

template <class Work>
auto worker::submit(effect e, Work work) -> awaitable<std::invoke_result_t<Work&, connection&>> {
    using value = std::invoke_result_t<Work&, connection&>;
    return asio::async_initiate<const asio::use_awaitable_t<executor>,
                                void(std::exception_ptr, value)>(
        [this, e](auto handler, Work initiated) {
            enqueue(std::make_unique<job_for<Work, decltype(handler)>>(e, std::move(initiated),
                                                                       std::move(handler), loop_));
        },
        use_awaitable, std::move(work));
}

}  // namespace memorypro::store::sqlite
