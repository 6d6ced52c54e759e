#include "base/beside.hpp"

#include <boost/asio/post.hpp>

#include "support/run.hpp"

namespace memorypro {
namespace {

struct beside_fixture {
    asio::io_context loop;
    timer held{loop.get_executor(), timer::time_point::max()};
    std::string log;
};

awaitable<int> slow(beside_fixture& f, int value) {
    f.log += "begun ";
    co_await f.held.async_wait(asio::as_tuple(use_awaitable));
    f.log += "ended ";
    if (value < 0) throw std::runtime_error("it failed");
    co_return value;
}

awaitable<int> ask(beside_fixture& f, int value) {
    beside<int> other(f.loop.get_executor(), slow(f, value));
    co_await asio::post(f.loop, use_awaitable);
    f.log += "meanwhile ";
    f.held.cancel();
    co_return co_await other.value();
}

awaitable<int> ask_late(beside_fixture& f) {
    beside<int> other(f.loop.get_executor(), slow(f, 5));
    while (f.log != "begun ended ") {
        co_await asio::post(f.loop, use_awaitable);
        f.held.cancel();
    }
    co_return co_await other.value();
}

awaitable<int> leave(beside_fixture& f) {
    const beside<int> other(f.loop.get_executor(), slow(f, 5));
    co_await asio::post(f.loop, use_awaitable);
    co_return 1;
}

TEST_CASE("work beside its maker goes on while the maker does something else") {
    beside_fixture f;
    CHECK(test::run_with_deadline(f.loop, ask(f, 5)) == 5);
    CHECK(f.log == "begun meanwhile ended ");
}

TEST_CASE("the value of work that has ended is there at once") {
    beside_fixture f;
    CHECK(test::run_with_deadline(f.loop, ask_late(f)) == 5);
}

TEST_CASE("what work beside its maker throws comes where its value is asked for") {
    beside_fixture f;
    CHECK_THROWS_WITH(test::run_with_deadline(f.loop, ask(f, -1)), "it failed");
}

TEST_CASE("work whose value nobody asks for ends all the same") {
    beside_fixture f;
    CHECK(test::run_with_deadline(f.loop, leave(f)) == 1);
    CHECK(f.log == "begun ");
    f.held.cancel();
    f.loop.restart();
    f.loop.run();
    CHECK(f.log == "begun ended ");
}

}  // namespace
}  // namespace memorypro
