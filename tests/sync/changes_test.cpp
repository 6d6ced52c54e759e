// What changes while the worker runs: memories in flight, the mode, the daemon's own end.
#include "sync/fixture.hpp"

namespace memorypro::sync {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a memory that is changed while it is sent is sent again, under another key") {
    fixture f;
    f.settings.cloud_first = false;
    f.holds = true;
    f.queue("a", "a1", store::cloud_call::sync);
    f.start();
    f.until([&] { return f.hanging() == 1; });
    REQUIRE(f.run(f->amend_memory("a1", {.content = "changed"})));
    f.holds = false;
    f.network.release();
    f.until([&] { return f.drained(); });
    CHECK(f.writes() == ids{"a1", "changed"});
    CHECK(f.key(0) != f.key(1));
    CHECK(f.run(f->find_memory("a1"))->sync_state == store::sync_state::synced);
    CHECK(f.announced().size() == 1);  // of what the memory is now
}

TEST_CASE("a memory that is deleted while it is sent is announced to nobody and stays hidden") {
    fixture f;
    f.holds = true;
    f.queue("a", "a1");
    f.start();
    f.until([&] { return f.hanging() == 1; });
    CHECK(f.run(f->remove_memory("a1", store::unknown_ids::are_errors)).value() ==
          store::cloud_copy::retained);
    f.network.release();
    f.until([&] { return f.run(f->find_known({"cloud-a1"})).at(0).deleted; });
    CHECK(f.drained());
    CHECK(f.announced().empty());
}

TEST_CASE("stop gives back what is being sent, without an attempt") {
    fixture f;
    f.holds = true;
    for (const auto* id : {"a1", "a2", "b1"})
        f.queue(std::string(1, id[0]), id);
    f.start();
    f.until([&] { return f.hanging() == 2; });
    f.stop();
    CHECK(f.totals().pending == 3);
    CHECK(f.totals().in_flight == 0);
    for (const auto& item : f.run(f->list_outbox({}, {}, 10)).items)
        CHECK(item.attempts == 0);
}

TEST_CASE("stop records what the cloud took") {
    fixture f;
    f.holds = true;
    f.queue("a", "a1");
    f.queue("a", "a2");
    f.start();
    f.until([&] { return f.hanging() == 1; });
    f.network.release();
    f.until([&] { return f.writes().size() == 2; });
    f.stop();
    CHECK(f.only_item().memory_id == "a2");
}

TEST_CASE("a worker that is stopped before it runs returns at once") {
    fixture f;
    f.queue("a", "a1");
    f.work.stop();
    f.run(f.work.run());
    CHECK(f.network.exchanges().empty());
}

TEST_CASE("local mode sends nothing; credentials start it, and taking them away stops it") {
    fixture f;
    f.settings.api_key.clear();
    f.queue("a", "a1");
    f.start();
    f.calm();
    CHECK(f.network.exchanges().empty());
    f.settings.api_key = "key";
    f.news.ring();
    f.until([&] { return f.drained(); });
    CHECK(f.writes() == ids{"a1"});
    f.settings.api_key.clear();
    f.queue("a", "a2");
    f.calm();
    CHECK(f.writes() == ids{"a1"});
    CHECK(f.totals().pending == 1);
}

TEST_CASE("the copy of what the cloud has stays or goes as the mode says") {
    fixture f;
    const auto is_here = [&](const std::string& id) {
        return f.run(f->find_memory(id)).has_value();
    };
    f.start();
    f.queue("a", "dropped");
    f.until([&] { return f.drained(); });
    CHECK_FALSE(is_here("dropped"));
    f.settings.cloud_first = false;
    f.queue("a", "kept", store::cloud_call::sync);
    f.until([&] { return f.drained(); });
    CHECK(is_here("kept"));
}

TEST_CASE("the oldest copies go when there are more than MEMORYPRO_CACHE_MAX_BYTES") {
    fixture f;
    f.settings.cache_max_bytes = 2000;
    f.start();
    const std::string padding(900, 'x');
    for (const auto* id : {"1", "2", "3", "4"})
        f.queue("a", id + padding);
    f.until([&] { return f.drained() && f.listed().size() < 4; });
    for (const auto& id : f.listed())
        CHECK(id >= "3");
    CHECK_FALSE(f.listed().empty());
}

}  // namespace
}  // namespace memorypro::sync
