#include "memory/merge.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::memory {
namespace {

using ids = std::vector<std::string>;
using scores = std::vector<double>;
using store::known_memory;

using test::noon;

store::memory memory_of(std::string id, std::string content = "tea") {
    return {.id = std::move(id),
            .what = {.content = std::move(content), .time = noon},
            .created_at = noon};
}

cloud::found found(std::string id, std::optional<double> score = {}) {
    auto m = memory_of(id, "in the cloud as " + id);
    m.sync_state = store::sync_state::synced;
    return {.memory = std::move(m), .score = score, .names_session = true};
}

recalled waits(std::string id, double score) {
    auto m = memory_of(id, "here as " + id);
    m.sync_state = store::sync_state::queued;
    return {std::move(m), score, recall::signals{.text = score}};
}

ids ids_of(const recall_answer& answer) {
    ids all;
    for (const auto& hit : answer.memories)
        all.push_back(hit.memory.id);
    return all;
}

// Of hits of which nothing is known here.
recall_answer merged(recall_request wanted, std::vector<cloud::found> cloud,
                     std::vector<recalled> waiting = {}) {
    const std::vector<known_memory> unknown(cloud.size());
    return merge(wanted, std::move(cloud), unknown, std::move(waiting));
}

TEST_CASE("the cloud's scores stay, within 0 to 1, and never rise") {
    const auto of = [](std::vector<std::optional<double>> given) {
        std::vector<cloud::found> hits;
        for (const auto& score : given)
            hits.push_back(found("m", score));
        return scores_of(hits);
    };
    CHECK(of({}).empty());
    CHECK(of({0.9, 0.5, 0.5, 0.1}) == scores{0.9, 0.5, 0.5, 0.1});
    CHECK(of({97, 1.5, 1, -3}) == scores{1, 1, 1, 0});
    CHECK(of({0.5, 0.9, 0.4}) == scores{0.5, 0.5, 0.4});
    CHECK(of({{}, {}, {}, {}}) == scores{1, 0.5, 1.0 / 3, 0.25});
    CHECK(of({{}, 0.8, {}, 0.3, {}}) == scores{0.8, 0.8, 0.8, 0.3, 0.3});
}

TEST_CASE("what waits takes its place among the cloud's hits by its score") {
    const auto answer = merged({.query = "tea"}, {found("c1", 0.9), found("c2", 0.5)},
                               {waits("w1", 0.7), waits("w2", 0.5), waits("w3", 0.1)});
    CHECK(ids_of(answer) == ids{"c1", "w1", "c2", "w2", "w3"});
    CHECK(answer.source == answered_by::merged);
    CHECK_FALSE(answer.degraded);
    CHECK_FALSE(answer.memories[0].signals);
    CHECK(answer.memories[1].signals->text == 0.7);
    CHECK(answer.memories[0].memory.sync_state == store::sync_state::synced);
    CHECK(answer.memories[1].memory.sync_state == store::sync_state::queued);
}

TEST_CASE("the cloud's order of equals stays") {
    const auto answer = merged({.query = "tea", .count = 4},
                               {found("c3", 0.5), found("c1", 0.5), found("c2", 0.7), found("c4")});
    CHECK(ids_of(answer) == ids{"c3", "c1", "c2", "c4"});
}

TEST_CASE("an answer holds as many as were asked for, the best of both") {
    const auto answer = merged({.query = "tea", .count = 2}, {found("c1", 0.9), found("c2", 0.3)},
                               {waits("w1", 0.7)});
    CHECK(ids_of(answer) == ids{"c1", "w1"});
}

TEST_CASE("the source is the cloud where nothing that waits was a candidate") {
    CHECK(merged({.query = "tea"}, {found("c1")}).source == answered_by::cloud);
    CHECK(merged({.query = "tea"}, {}).source == answered_by::cloud);
    CHECK(merged({.query = "tea"}, {}, {waits("w", 1)}).source == answered_by::merged);
}

TEST_CASE("the least score holds for what the cloud gave") {
    const auto answer = merged({.query = "tea", .min_score = 0.5},
                               {found("c1", 0.9), found("c2", 0.5), found("c3", 0.49)});
    CHECK(ids_of(answer) == ids{"c1", "c2"});
}

TEST_CASE("a filter holds for what the cloud gave, which may not know it") {
    auto lena = found("lena", 0.9);
    lena.memory.what.user_id = "lena";
    auto archived = lena;
    archived.memory.id = "archived";
    archived.memory.archived = true;
    const std::vector<cloud::found> hits{lena, found("nobody", 0.8), archived};
    CHECK(ids_of(merged({.query = "tea", .filter = {.user_id = "lena"}}, hits)) == ids{"lena"});
    CHECK(ids_of(merged({.query = "tea", .filter = {.user_id = "lena", .include_archived = true}},
                        hits)) == ids{"lena", "archived"});
    CHECK(ids_of(merged({.query = "tea", .filter = {.agent_id = "a"}}, hits)).empty());
    CHECK(ids_of(merged({.query = "tea", .filter = {.since = noon}}, hits)) ==
          ids{"lena", "nobody"});
}

TEST_CASE("an answer that never names the session has obeyed the session it was asked for") {
    auto silent = found("silent", 0.9);
    silent.names_session = false;
    auto other = found("other", 0.8);
    other.memory.what.session_id = "s2";
    auto right = found("right", 0.7);
    right.memory.what.session_id = "s1";
    const recall_request wanted{.query = "tea", .filter = {.session_id = "s1"}};
    CHECK(ids_of(merged(wanted, {silent, other, right, found("null", 0.6)})) ==
          ids{"silent", "right"});
    auto also_user = wanted;
    also_user.filter.user_id = "lena";
    CHECK(merged(also_user, {silent}).memories.empty());
}

TEST_CASE("what was deleted here is not shown") {
    const auto answer = merge({.query = "tea"}, {found("c1"), found("c2")},
                              {{.deleted = true, .local_id = "l1"}, {}}, {});
    CHECK(ids_of(answer) == ids{"c2"});
}

TEST_CASE("what has an id here is shown under it, what has a copy as the copy is") {
    auto copy = memory_of("l2", "changed here");
    copy.sync_state = store::sync_state::synced;
    const auto answer = merge({.query = "tea"}, {found("c1", 0.9), found("c2", 0.5)},
                              {{.local_id = "l1"}, {.local_id = "l2", .copy = copy}}, {});
    REQUIRE(ids_of(answer) == ids{"l1", "l2"});
    CHECK(answer.memories[0].memory.what.content == "in the cloud as c1");
    CHECK(answer.memories[1].memory.what.content == "changed here");
    CHECK(answer.memories[1].score == 0.5);
    CHECK(answer.source == answered_by::cloud);
}

TEST_CASE("a copy here decides whether its memory passes the filter") {
    auto copy = memory_of("l1");
    copy.what.user_id = "lena";
    copy.archived = true;
    const std::vector<known_memory> known{{.local_id = "l1", .copy = copy}};
    CHECK(merge({.query = "tea"}, {found("c1")}, known, {}).memories.empty());
    CHECK(ids_of(merge({.query = "tea", .filter = {.user_id = "lena", .include_archived = true}},
                       {found("c1")}, known, {})) == ids{"l1"});
    auto silent = found("c1");
    silent.names_session = false;
    CHECK(merge({.query = "tea", .filter = {.session_id = "s", .include_archived = true}}, {silent},
                known, {})
              .memories.empty());
}

TEST_CASE("what is archived here without a copy is shown to who asks for what is archived") {
    const std::vector<known_memory> known{{.archived = true}, {}};
    const std::vector<cloud::found> hits{found("c1", 0.9), found("c2", 0.5)};
    CHECK(ids_of(merge({.query = "tea"}, hits, known, {})) == ids{"c2"});
    const auto all = merge({.query = "tea", .filter = {.include_archived = true}}, hits, known, {});
    REQUIRE(ids_of(all) == ids{"c1", "c2"});
    CHECK(all.memories[0].memory.archived);
    CHECK_FALSE(all.memories[1].memory.archived);
}

TEST_CASE("a memory that the cloud took while it was asked is shown once, as it is now") {
    auto copy = memory_of("w1", "here as w1");
    copy.sync_state = store::sync_state::synced;
    const auto answer = merge({.query = "tea"}, {found("c1", 0.4)},
                              {{.local_id = "w1", .copy = copy}}, {waits("w1", 0.7)});
    REQUIRE(ids_of(answer) == ids{"w1"});
    CHECK(answer.memories[0].memory.sync_state == store::sync_state::synced);
}

TEST_CASE("a memory that the cloud has unknown to us is shown once, under its id here") {
    auto twin = found("c1", 0.8);
    twin.memory.what = waits("w1", 0).memory.what;
    const auto answer = merged({.query = "tea"}, {twin}, {waits("w1", 0.3)});
    REQUIRE(ids_of(answer) == ids{"w1"});
    CHECK(answer.memories[0].score == 0.8);
    CHECK(answer.memories[0].memory.sync_state == store::sync_state::queued);
    auto another = twin;
    another.memory.what.user_id = "lena";
    CHECK(merged({.query = "tea"}, {another}, {waits("w1", 0.3)}).memories.size() == 2);
    another = twin;
    *another.memory.what.time += std::chrono::microseconds(1);
    CHECK(merged({.query = "tea"}, {another}, {waits("w1", 0.3)}).memories.size() == 2);
}

TEST_CASE("an edited memory is found as well as it is here, and takes no other's place") {
    const auto edited = [](double score) {
        auto m = memory_of("m1", "as edited");
        m.sync_state = store::sync_state::synced;
        return recalled{std::move(m), score, recall::signals{.text = score}};
    };
    auto twin = found("mem_2", 0.9);
    twin.memory = memory_of("mem_2", "as edited");
    const std::vector<known_memory> known{{.local_id = "m2"},
                                          {.local_id = "m1", .copy = edited(0).memory}};
    SECTION("better than by what it was") {
        const auto answer = merge({.count = 2}, {twin, found("mem_1", 0.1)}, known,
                                  {edited(0.8), waits("m3", 0.5)});
        CHECK(ids_of(answer) == ids{"m2", "m1"});
        REQUIRE(answer.memories.size() == 2);
        CHECK(answer.memories[1].score == 0.8);
        CHECK(answer.memories[1].signals);
    }
    SECTION("not as well") {
        const auto answer = merge({.count = 5}, {twin, found("mem_1", 0.4)}, known, {edited(0.2)});
        CHECK(ids_of(answer) == ids{"m2", "m1"});
        CHECK(answer.memories.at(1).score == 0.4);
    }
    SECTION("not by the cloud at all") {
        const auto answer =
            merge({.count = 5}, {twin}, {known.begin(), known.begin() + 1}, {edited(0.2)});
        CHECK(ids_of(answer) == ids{"m2", "m1"});
    }
}

TEST_CASE("a memory that the cloud gives twice is shown once, at its better place") {
    const auto answer = merge({.query = "tea"}, {found("c1", 0.8), found("c2", 0.6)},
                              {{.local_id = "l1"}, {.local_id = "l1"}}, {});
    REQUIRE(ids_of(answer) == ids{"l1"});
    CHECK(answer.memories[0].score == 0.8);
}

}  // namespace
}  // namespace memorypro::memory
