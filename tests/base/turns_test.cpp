#include "base/turns.hpp"

#include <boost/asio/as_tuple.hpp>

#include "support/run.hpp"

namespace memorypro {
namespace {

struct turns_fixture {
    asio::io_context loop;
    turns taken;
    std::map<std::string, timer> held;
    std::string log;
};

// Holds its turn until it is let go.
awaitable<> work(turns_fixture& f, std::string name, std::string who) {
    const auto turn = co_await f.taken.take(name);
    f.log += who;
    auto& until =
        f.held.try_emplace(who, f.loop.get_executor(), timer::time_point::max()).first->second;
    co_await until.async_wait(asio::as_tuple(use_awaitable));
    if (who == "!") throw std::runtime_error("it failed");
}

void settle(turns_fixture& f) {
    f.loop.restart();
    f.loop.poll();
}

TEST_CASE("turns of one name come one after another, in the order of asking") {
    turns_fixture f;
    for (const char* who : {"a", "b", "c"})
        test::start(f.loop, work(f, "one", who));
    settle(f);
    CHECK(f.log == "a");
    f.held.at("a").cancel();
    settle(f);
    CHECK(f.log == "ab");
    test::start(f.loop, work(f, "one", "d"));
    f.held.at("b").cancel();
    settle(f);
    CHECK(f.log == "abc");
    f.held.at("c").cancel();
    settle(f);
    CHECK(f.log == "abcd");
    f.held.at("d").cancel();
    settle(f);
}

TEST_CASE("a turn of another name, or of one that is free again, does not wait") {
    turns_fixture f;
    test::start(f.loop, work(f, "one", "a"));
    test::start(f.loop, work(f, "two", "b"));
    settle(f);
    CHECK(f.log == "ab");
    f.held.at("a").cancel();
    settle(f);
    test::start(f.loop, work(f, "one", "c"));
    settle(f);
    CHECK(f.log == "abc");
    f.held.at("b").cancel();
    f.held.at("c").cancel();
    settle(f);
}

TEST_CASE("a turn ends with its holder, however that ends") {
    turns_fixture f;
    const auto failing = test::start(f.loop, work(f, "one", "!"));
    test::start(f.loop, work(f, "one", "b"));
    settle(f);
    f.held.at("!").cancel();
    settle(f);
    CHECK(failing->failure);
    CHECK(f.log == "!b");
    f.held.at("b").cancel();
    settle(f);
}

}  // namespace
}  // namespace memorypro
