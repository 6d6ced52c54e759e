#include "events/hub.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"

namespace memorypro::events {
namespace {

using namespace std::chrono_literals;
using test::finish;
using test::run_until;
using test::start;

using test::noon;

struct hub_fixture {
    asio::io_context loop;
    hub events{loop.get_executor(), noon};

    bool stays_waiting(const std::shared_ptr<test::outcome<void>>& waiter) {
        loop.restart();
        loop.poll();
        return !waiter->done();
    }
};

std::string data_of(const std::vector<event>& list) {
    std::string all;
    for (const auto& e : list)
        all += e.data + ' ';
    return all;
}

TEST_CASE("events come in the order in which they were published, with rising ids") {
    hub_fixture f;
    f.events.publish("memory.stored", "a");
    f.events.publish("memory.dead", "b");
    f.events.publish("memory.stored", "c");
    const auto all = f.events.since(0, 10);
    REQUIRE(all.size() == 3);
    CHECK(data_of(all) == "a b c ");
    CHECK(all[1].name == "memory.dead");
    CHECK(all[0].id < all[1].id);
    CHECK(all[1].id < all[2].id);
    CHECK(f.events.first_id() == all[0].id);
    CHECK(f.events.last_id() == all[2].id);
}

TEST_CASE("events after an id leave out that one, and keep to the limit") {
    hub_fixture f;
    for (const char* data : {"a", "b", "c", "d"})
        f.events.publish("memory.stored", data);
    const auto first = f.events.first_id();
    CHECK(data_of(f.events.since(first, 10)) == "b c d ");
    CHECK(data_of(f.events.since(first, 2)) == "b c ");
    CHECK(data_of(f.events.since(first - 1, 1)) == "a ");
    CHECK(f.events.since(f.events.last_id(), 10).empty());
    CHECK(f.events.since(f.events.last_id() + 100, 10).empty());
    CHECK(f.events.since(0, 0).empty());
}

TEST_CASE("a hub without events says where the next one will be") {
    hub_fixture f;
    CHECK(f.events.since(0, 10).empty());
    CHECK(f.events.first_id() == f.events.last_id() + 1);
    const auto next = f.events.first_id();
    f.events.publish("memory.stored", "a");
    CHECK(f.events.since(0, 1).at(0).id == next);
}

TEST_CASE("ids rise over a restart") {
    asio::io_context loop;
    hub before(loop.get_executor(), noon);
    for (int i = 0; i < 1000; ++i)
        before.publish("memory.stored", "a");
    const hub after(loop.get_executor(), noon + 1s);
    CHECK(after.first_id() > before.last_id());
}

TEST_CASE("only the newest events are kept, by their number") {
    asio::io_context loop;
    hub events(loop.get_executor(), noon, 3);
    for (const char* data : {"a", "b", "c", "d", "e"})
        events.publish("memory.stored", data);
    CHECK(data_of(events.since(0, 10)) == "c d e ");
    CHECK(events.first_id() + 2 == events.last_id());
}

TEST_CASE("only the newest events are kept, by their bytes, at least one") {
    asio::io_context loop;
    hub events(loop.get_executor(), noon, 100, 10);
    for (const char* data : {"aaaa", "bbbb", "cc"})
        events.publish("memory.stored", data);
    CHECK(data_of(events.since(0, 10)) == "aaaa bbbb cc ");
    events.publish("memory.stored", "d");
    CHECK(data_of(events.since(0, 10)) == "bbbb cc d ");
    events.publish("memory.stored", std::string(50, 'e'));
    CHECK(events.since(0, 10).size() == 1);
    events.publish("memory.stored", "f");
    CHECK(data_of(events.since(0, 10)) == "f ");
    events.publish("memory.stored", "123456789");
    CHECK(data_of(events.since(0, 10)) == "f 123456789 ");
}

TEST_CASE("all who wait wake when an event is published") {
    hub_fixture f;
    const auto seen = f.events.last_id();
    const auto one = start(f.loop, f.events.wait(seen, 1h));
    const auto other = start(f.loop, f.events.wait(seen, 1h));
    REQUIRE(f.stays_waiting(one));
    REQUIRE(f.stays_waiting(other));
    f.events.publish("memory.stored", "a");
    finish(f.loop, one);
    finish(f.loop, other);
}

TEST_CASE("who waits for an event that is there does not wait") {
    hub_fixture f;
    f.events.publish("memory.stored", "a");
    const auto waiter = start(f.loop, f.events.wait(f.events.last_id() - 1, 1h));
    CHECK_FALSE(f.stays_waiting(waiter));
}

TEST_CASE("an event that was seen does not wake") {
    hub_fixture f;
    f.events.publish("memory.stored", "a");
    const auto waiter = start(f.loop, f.events.wait(f.events.last_id(), 1h));
    CHECK(f.stays_waiting(waiter));
    f.events.close();
    finish(f.loop, waiter);
}

TEST_CASE("closing wakes who waits, and nobody waits on a closed hub") {
    hub_fixture f;
    const auto waiter = start(f.loop, f.events.wait(f.events.last_id(), 1h));
    REQUIRE(f.stays_waiting(waiter));
    CHECK_FALSE(f.events.closed());
    f.events.close();
    CHECK(f.events.closed());
    finish(f.loop, waiter);
    finish(f.loop, start(f.loop, f.events.wait(f.events.last_id(), 1h)));
}

TEST_CASE("a wait ends with its time") {
    hub_fixture f;
    finish(f.loop, start(f.loop, f.events.wait(f.events.last_id(), 1ms)));
    CHECK(f.events.since(0, 1).empty());
}

}  // namespace
}  // namespace memorypro::events
