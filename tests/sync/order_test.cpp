// What goes when: a scope in order, scopes side by side, nobody behind a row that cannot go.
#include "sync/fixture.hpp"

namespace memorypro::sync {
namespace {

using namespace std::chrono_literals;

TEST_CASE("what waits is sent in its order, each once, under its id as key") {
    fixture f;
    const auto& a2 = store::made_id;
    for (const auto& id : ids{"a1", a2, "a3"})
        f.queue("a", id);
    f.start();
    f.until([&] { return f.drained(); });
    CHECK(f.writes() == ids{"a1", a2, "a3"});
    CHECK(f.key(1) == a2);
    CHECK(f.key(0) != f.key(1));
    CHECK(f.key(1) != f.key(2));
    CHECK(f.network.request(1).target == "/api/v1/memory/store");
    CHECK(f.announced() ==
          ids{R"(memory.synced{"memory_id":"a1","cloud_id":"cloud-a1"})",
              R"(memory.synced{"memory_id":")" + a2 + R"(","cloud_id":"cloud-)" + a2 + R"("})",
              R"(memory.synced{"memory_id":"a3","cloud_id":"cloud-a3"})"});
    CHECK(f.counted.sync_done.Value() == 3);
    CHECK(timestamp(std::chrono::seconds(
              static_cast<std::int64_t>(f.counted.last_sync_success.Value()))) == f.clock.now());
}

TEST_CASE("a sync goes under the local id") {
    fixture f;
    f.queue("a", "a1", store::cloud_call::sync);
    f.start();
    f.until([&] { return f.drained(); });
    CHECK(f.network.request(0).target == "/api/v1/memory/sync");
    CHECK(parse_object(f.network.request(0).body).value().at("local_memory_id") == "a1");
}

TEST_CASE("the next of a scope goes when the one before is answered, other scopes do not wait") {
    fixture f;
    f.holds = true;
    for (const auto* id : {"a1", "a2", "b1", "b2", "c1", "c2"})
        f.queue(std::string(1, id[0]), id);
    f.start();
    f.until([&] { return f.hanging() == 3; });
    f.calm();
    CHECK(f.sorted_writes() == ids{"a1", "b1", "c1"});
    f.network.release();
    f.until([&] { return f.writes().size() == 4; });
    f.calm();
    CHECK(f.writes().size() == 4);
    CHECK(f.writes().back() == std::string(1, f.writes().front()[0]) + '2');
}

TEST_CASE("no more scopes are sent at a time than MEMORYPRO_SYNC_CONCURRENCY says") {
    fixture f;
    f.holds = true;
    f.settings.sync_concurrency = 2;
    for (const auto* user : {"a", "b", "c", "d", "e", "f"})
        f.queue(user, user);
    f.start();
    f.until([&] { return f.hanging() == 2; });
    f.calm();
    CHECK(f.hanging() == 2);
    for (std::size_t answered = 1; answered <= 4; ++answered) {
        f.network.release();
        f.until([&] { return f.writes().size() == 2 + answered; });
        f.calm();
        CHECK(f.hanging() == 2);
    }
}

TEST_CASE("many scopes and long ones are drained") {
    fixture f;
    for (int i = 0; i < 300; ++i)
        f.queue(std::to_string(i % 100), std::to_string(i));
    for (int i = 0; i < 100; ++i)
        f.queue("long", "long" + std::to_string(i));
    f.start();
    f.until([&] { return f.drained(); });
    CHECK(f.writes().size() == 400);
    ids of_long;
    for (auto& id : f.writes())
        if (id.starts_with("long")) of_long.push_back(id);
    REQUIRE(of_long.size() == 100);
    for (std::size_t i = 0; i < of_long.size(); ++i)
        CHECK(of_long[i] == "long" + std::to_string(i));
}

TEST_CASE("a row that the cloud refuses is a dead letter and holds up nobody") {
    fixture f;
    f.answers["poison"] = {422, R"({"detail":"too spicy"})"};
    for (const auto* id : {"poison", "a2", "a3"})
        f.queue("a", id);
    f.start();
    f.until([&] { return f.drained(); });
    CHECK(f.writes() == ids{"poison", "a2", "a3"});
    CHECK(f.totals().dead == 1);
    CHECK(f.only_item().last_error == "422: too spicy");
    CHECK(f.announced().at(0) == R"(memory.dead{"memory_id":"poison","reason":"422: too spicy"})");
    CHECK(f.counted.sync_refused.Value() == 1);
    CHECK(f.counted.sync_done.Value() == 2);
}

TEST_CASE("a row that fails holds up its scope only, and goes when its time has come") {
    fixture f(1);
    f.answers["a1"] = {500};
    for (const auto* id : {"a1", "a2", "b1", "b2"})
        f.queue(std::string(1, id[0]), id);
    f.start();
    f.until([&] { return f.totals().pending == 2 && f.totals().in_flight == 0; });
    f.calm();
    CHECK(f.sorted_writes() == ids{"a1", "b1", "b2"});
    f.answers.clear();
    f.pass(1s);
    f.until([&] { return f.drained(); });
    CHECK(f.sorted_writes() == ids{"a1", "a1", "a2", "b1", "b2"});
    CHECK(f.writes().back() == "a2");
    CHECK(f.counted.sync_retry.Value() == 1);
}

TEST_CASE("what was sent is settled while the next call still hangs") {
    fixture f;
    f.queue("a", "a1");
    f.queue("a", "a2");
    f.holds = true;
    f.start();
    f.until([&] { return f.hanging() == 1; });
    f.network.release();
    f.until([&] { return f.hanging() == 1 && f.totals().in_flight == 1; });
    CHECK(f.writes() == ids{"a1", "a2"});
    CHECK(f.announced().size() == 1);
}

TEST_CASE("work that arrives wakes the worker at once") {
    fixture f;
    f.start();
    f.calm();
    f.queue("a", "a1");
    f.until([&] { return f.drained(); });
    CHECK(f.writes() == ids{"a1"});
}

}  // namespace
}  // namespace memorypro::sync
