#include "store/sqlite/worker.hpp"

#include <pthread.h>

#include <boost/asio/post.hpp>
#include <chrono>

#include "store/sqlite/soundness.hpp"

namespace memorypro::store::sqlite {
namespace {

// How long no job must have come before idle work starts, so that it does not stand in the way of a
// client that stores one memory after the other.
constexpr std::chrono::milliseconds quiet_for{20};

}  // namespace

void run_alone(job& next, connection& db) {
    try {
        next.execute(db);
    } catch (...) {
        next.fail(std::current_exception());
    }
}

std::optional<error> expected_error(const std::exception_ptr& failure) try {
    std::rethrow_exception(failure);
} catch (const sqlite_error& sqlite) {
    if (sqlite.no_space())
        return error{errc::full, "the disk is full: nothing was stored; free space and try again"};
    if (sqlite.busy())
        return error{errc::overloaded, "the database was busy for too long; try again"};
    if (is_about_text_index(sqlite))
        return error{errc::internal,
                     "the search index is damaged: 'memorypro reindex' builds it again"};
    return std::nullopt;
} catch (const failed& expected) {
    return expected.why();
} catch (...) {
    return std::nullopt;
}

worker::worker(executor loop, const char* name, run_batch on_batch, run_idle on_idle)
    : loop_(std::move(loop)), run_batch_(std::move(on_batch)), run_idle_(std::move(on_idle)) {
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), name);
}

worker::~worker() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void worker::enqueue(std::unique_ptr<job> next) {
    bool first = false;
    {
        std::lock_guard lock(mutex_);
        first = queue_.empty();
        queue_.push_back(std::move(next));
    }
    if (first) wake_.notify_one();
}

void worker::run() {
    batch taken;
    bool idle_work = static_cast<bool>(run_idle_);
    while (wait_for_jobs(taken, idle_work)) {
        const auto jobs = taken.size();
        run_batch_(taken);
        deliver(std::exchange(taken, {}));
        if (run_idle_) idle_work = run_idle_(jobs);
    }
}

bool worker::wait_for_jobs(batch& taken, bool idle_work) {
    std::unique_lock lock(mutex_);
    while (queue_.empty()) {
        if (stopping_) return false;
        if (!idle_work) {
            wake_.wait(lock);
        } else if (wake_.wait_for(lock, quiet_for) == std::cv_status::timeout && queue_.empty()) {
            do {
                lock.unlock();
                idle_work = run_idle_(0);
                lock.lock();
            } while (idle_work && queue_.empty() && !stopping_);
        }
    }
    taken.swap(queue_);
    return true;
}

void worker::deliver(batch done) {
    asio::post(loop_, [done = std::move(done)]() mutable {
        for (auto& finished : done) {
            finished->complete();
            finished.reset();
        }
    });
}

}  // namespace memorypro::store::sqlite
