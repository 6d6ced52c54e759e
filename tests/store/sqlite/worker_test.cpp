#include "store/sqlite/worker.hpp"

#include <atomic>
#include <latch>

#include "support/catch.hpp"
#include "support/run.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::store::sqlite {
namespace {

struct worker_fixture {
    asio::io_context loop;
    test::temp_dir dir;
    connection db{dir.file("db"), connection::access::read_write};
    std::vector<std::size_t> batches;  // the worker's, read when it rests

    void run_batch(batch& jobs) {
        batches.push_back(jobs.size());
        for (auto& next : jobs)
            try {
                next->execute(db);
            } catch (...) {
                next->fail(std::current_exception());
            }
    }
    worker::run_batch on_batch() {
        return [this](batch& jobs) { run_batch(jobs); };
    }
};

TEST_CASE("a job runs on the worker's thread and its answer comes back to the loop's") {
    worker_fixture f;
    worker w(f.loop.get_executor(), "test", f.on_batch());
    const auto there = test::run_with_deadline(f.loop, w.submit(effect::reads, [](connection&) {
        return std::optional(std::this_thread::get_id());
    }));
    CHECK(there != std::this_thread::get_id());
}

TEST_CASE("what a job throws is thrown where it is awaited") {
    worker_fixture f;
    worker w(f.loop.get_executor(), "test", f.on_batch());
    CHECK_THROWS_AS(test::run_with_deadline(
                        f.loop, w.submit(effect::reads,
                                         [](connection&) -> int { throw std::out_of_range("x"); })),
                    std::out_of_range);
}

TEST_CASE("jobs that wait together run together, in the order in which they came") {
    worker_fixture f;
    std::latch started(1);
    std::latch go_on(1);
    std::vector<int> order;
    {
        worker w(f.loop.get_executor(), "test", f.on_batch());
        std::vector<std::shared_ptr<test::outcome<int>>> jobs;
        jobs.push_back(test::start(f.loop, w.submit(effect::reads, [&](connection&) {
            started.count_down();
            go_on.wait();
            return 0;
        })));
        f.loop.poll();
        started.wait();
        for (int i = 1; i <= 20; ++i)
            jobs.push_back(test::start(f.loop, w.submit(effect::reads, [&order, i](connection&) {
                order.push_back(i);
                return i;
            })));
        f.loop.poll();
        go_on.count_down();
        for (int i = 0; i <= 20; ++i)
            CHECK(test::finish(f.loop, jobs[std::size_t(i)]) == i);
    }
    CHECK(f.batches == std::vector<std::size_t>{1, 20});
    CHECK(std::is_sorted(order.begin(), order.end()));
    CHECK(order.size() == 20);
}

TEST_CASE("a worker that ends has finished what was queued") {
    worker_fixture f;
    std::atomic<int> ran = 0;
    {
        worker w(f.loop.get_executor(), "test", f.on_batch());
        for (int i = 0; i < 50; ++i)
            test::start(f.loop, w.submit(effect::reads, [&](connection&) { return ++ran; }));
        f.loop.poll();
    }
    CHECK(ran == 50);
}

TEST_CASE("a job in flight holds the loop open") {
    worker_fixture f;
    std::latch go_on(1);
    worker w(f.loop.get_executor(), "test", f.on_batch());
    const auto job = test::start(f.loop, w.submit(effect::reads, [&](connection&) {
        go_on.wait();
        return 1;
    }));
    f.loop.poll();
    CHECK_FALSE(f.loop.stopped());
    go_on.count_down();
    CHECK(test::finish(f.loop, job) == 1);
}

TEST_CASE("idle work goes on while there is some, and ends with the worker") {
    worker_fixture f;
    std::atomic<int> rounds = 0;
    {
        worker w(f.loop.get_executor(), "test", f.on_batch(),
                 [&](std::size_t jobs) { return jobs > 0 || ++rounds % 5 != 0; });
        REQUIRE(test::eventually([&] { return rounds == 5; }));
        test::run_with_deadline(f.loop, w.submit(effect::reads, [](connection&) { return 1; }));
        REQUIRE(test::eventually([&] { return rounds == 10; }));
    }
    CHECK(rounds == 10);
    {
        const worker endless(f.loop.get_executor(), "test", f.on_batch(),
                             [&](std::size_t) { return ++rounds > 0; });
        REQUIRE(test::eventually([&] { return rounds > 20; }));
    }
}

}  // namespace
}  // namespace memorypro::store::sqlite
