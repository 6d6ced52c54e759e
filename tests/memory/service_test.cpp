// The service in local mode: nothing leaves the host.
#include "memory/fixture.hpp"

namespace memorypro::memory {
namespace {

struct storing_fixture : service_fixture {
    std::string keep(given_memory what) { return service_fixture::keep(std::move(what))->id; }
    std::vector<recalled> recall(recall_request wanted) {
        return service_fixture::recall(std::move(wanted)).memories;
    }
};

TEST_CASE("a memory that is stored is announced once, a replay is not") {
    service_fixture f;
    const auto first = f.keep("green tea", store::idempotency{"key", "digest"});
    REQUIRE(first);
    CHECK(first->sync_state == sync_state::local);
    CHECK(f.announced() ==
          ids{"memory.stored{\"memory_id\":\"" + first->id + "\",\"sync_state\":\"local\"}"});
    CHECK(f.keep("green tea", store::idempotency{"key", "digest"})->replayed);
    CHECK(f.keep("green tea", store::idempotency{"key", "another"}).error().code == errc::conflict);
    CHECK(f.announced().empty());
}

TEST_CASE("an import announces what is new and nothing that is known") {
    service_fixture f;
    f.sync("m\"1", "tea");
    CHECK(f.announced() == ids{R"(memory.stored{"memory_id":"m\"1","sync_state":"local"})"});
    f.run(f.memories.import({named("m\"1", "tea"), named("m2", "milk")}));
    CHECK(f.announced() == ids{R"(memory.stored{"memory_id":"m2","sync_state":"local"})"});
}

TEST_CASE("a memory without an id gets one, each another, later ones sorting later") {
    storing_fixture f;
    const auto first = f.keep(given("green tea"));
    const auto second = f.keep(given("green tea"));
    CHECK(first.size() == 36);
    CHECK(first < second);
    CHECK(f.run(f.memories.get(first))->created_at == f.clock.now());
}

TEST_CASE("of equal texts the fresh and the important come first, unless the weights are off") {
    storing_fixture f;
    auto old = given("green tea");
    old.what.time = f.clock.now() - std::chrono::days(90);
    const auto stale = f.keep(old);
    auto grave = given("green tea");
    grave.what.time = old.what.time;
    grave.what.priority = store::priority::urgent;
    const auto important = f.keep(grave);
    const auto fresh = f.keep(given("green tea"));

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
    storing_fixture f;
    for (int i = 0; i < 20; ++i)
        f.keep(given("tea " + std::string(std::size_t(i), 'x')));
    const auto hits = f.recall({.query = "What about tea?", .count = 10});
    REQUIRE(hits.size() == 10);
    double last = 1;
    for (const auto& hit : hits) {
        CHECK(hit.score > 0);
        CHECK(hit.score <= last);
        CHECK(hit.score == recall::relevance(*hit.signals, {}));
        CHECK(hit.signals->recency == 1);
        last = hit.score;
    }
    CHECK(f.recall({.query = "tea", .min_score = 0.99}).empty());
}

TEST_CASE("a query without a word recalls nothing") {
    storing_fixture f;
    f.keep(given("green tea"));
    CHECK(f.recall({.query = "?!"}).empty());
    CHECK(f.recall({.query = "\" OR *"}).empty());
}

TEST_CASE("what is removed is not recalled, and removing it again is not found") {
    storing_fixture f;
    const auto id = f.keep(given("green tea"));
    CHECK(f.recall({.query = "tea"}).size() == 1);
    CHECK(f.run(f.memories.remove(id)));
    CHECK(f.recall({.query = "tea"}).empty());
    CHECK(f.run(f.memories.remove(id)).error().code == errc::not_found);
    CHECK(f.run(f.memories.get(id)).error().code == errc::not_found);
}

}  // namespace
}  // namespace memorypro::memory
