#include "memory/service.hpp"

#include "store/fixture.hpp"

namespace memorypro::memory {
namespace {

using store::ids;

struct fixture : store::store_fixture {
    events::hub events{loop.get_executor(), clock.now()};
    metrics counted;
    service memories { *operator->(), events, counted, clock };

    given_memory tea(std::string content = "green tea") {
        return {.what = {.content = std::move(content)}};
    }
    std::string keep(given_memory given) {
        return run(memories.store(std::move(given), {})).value().id;
    }
    std::vector<recalled> recall(recall_request wanted) {
        return run(memories.recall(std::move(wanted))).value();
    }
    // What was announced since the last call.
    std::vector<std::string> news() {
        std::vector<std::string> found;
        for (const auto& e : events.since(seen_, 1000))
            found.push_back(std::string(e.name) + e.data);
        seen_ = events.last_id();
        return found;
    }

private:
    std::uint64_t seen_ = events.last_id();
};

TEST_CASE("a memory that is stored is announced once, a replay is not") {
    fixture f;
    const auto first = f.run(f.memories.store(f.tea(), store::idempotency{"key", "digest"}));
    REQUIRE(first);
    CHECK(f.news() == ids{"memory.stored{\"memory_id\":\"" + first->id + "\"}"});
    f.run(f.memories.store(f.tea(), store::idempotency{"key", "digest"}));
    f.run(f.memories.store(f.tea(), store::idempotency{"key", "another"}));
    CHECK(f.news().empty());
}

TEST_CASE("an import announces what is new and nothing that is known") {
    fixture f;
    f.run(f.memories.sync({.what = {.content = "tea"}, .id = "m\"1"}));
    CHECK(f.news() == ids{R"(memory.stored{"memory_id":"m\"1"})"});
    f.run(f.memories.import(
        {{.what = {.content = "tea"}, .id = "m\"1"}, {.what = {.content = "milk"}, .id = "m2"}}));
    CHECK(f.news() == ids{R"(memory.stored{"memory_id":"m2"})"});
}

TEST_CASE("a memory without an id gets one, each another, later ones sorting later") {
    fixture f;
    const auto first = f.keep(f.tea());
    const auto second = f.keep(f.tea());
    CHECK(first.size() == 36);
    CHECK(first < second);
    CHECK(f.run(f.memories.get(first))->created_at == f.clock.now());
}

TEST_CASE("of equal texts the fresh and the important come first, unless the weights are off") {
    fixture f;
    auto old = f.tea();
    old.what.time = f.clock.now() - std::chrono::days(90);
    const auto stale = f.keep(old);
    auto grave = f.tea();
    grave.what.time = old.what.time;
    grave.what.priority = store::priority::urgent;
    const auto important = f.keep(grave);
    const auto fresh = f.keep(f.tea());

    const auto order = [&](recall::weights weights) {
        ids found;
        for (const auto& hit : f.recall({.query = "tea", .weights = weights}))
            found.push_back(hit.memory.id);
        return found;
    };
    CHECK(order({.recent = true, .responsibilities = false}) == ids{fresh, important, stale});
    CHECK(order({.recent = false, .responsibilities = true}) == ids{important, fresh, stale});
    CHECK(order({.recent = false, .responsibilities = false}) == ids{fresh, important, stale});
}

TEST_CASE("a recall's scores lie between 0 and 1, fall, and are what the signals say") {
    fixture f;
    for (int i = 0; i < 20; ++i)
        f.keep(f.tea("tea " + std::string(std::size_t(i), 'x')));
    const auto hits = f.recall({.query = "What about tea?", .count = 10});
    REQUIRE(hits.size() == 10);
    double last = 1;
    for (const auto& hit : hits) {
        CHECK(hit.score > 0);
        CHECK(hit.score <= last);
        CHECK(hit.score == recall::relevance(hit.signals, {}));
        CHECK(hit.signals.recency == 1);
        last = hit.score;
    }
    CHECK(f.recall({.query = "tea", .min_score = 0.99}).empty());
}

TEST_CASE("a query without a word recalls nothing") {
    fixture f;
    f.keep(f.tea());
    CHECK(f.recall({.query = "?!"}).empty());
    CHECK(f.recall({.query = "\" OR *"}).empty());
}

TEST_CASE("what is removed is not recalled, and removing it again is not found") {
    fixture f;
    const auto id = f.keep(f.tea());
    CHECK(f.recall({.query = "tea"}).size() == 1);
    CHECK(f.run(f.memories.remove(id)));
    CHECK(f.recall({.query = "tea"}).empty());
    CHECK(f.run(f.memories.remove(id)).error().code == errc::not_found);
    CHECK(f.run(f.memories.get(id)).error().code == errc::not_found);
}

}  // namespace
}  // namespace memorypro::memory
