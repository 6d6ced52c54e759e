// A recall that is answered here, with what the cloud has learned.
#include "memory/evolution.hpp"

#include "insights/processor.hpp"
#include "memory/fixture.hpp"

namespace memorypro::memory {
namespace {

std::size_t shown(const recall_answer& from) {
    const auto analysis = parse_object(from.analysis_json).value();
    const auto* updates = analysis.if_contains("evolution_updates");
    return updates ? updates->as_array().size() : 0;
}

struct evolution_fixture : service_fixture {
    using service_fixture::service_fixture;
    insights::processor processor { loop.get_executor(), *operator->(), events, settings };

    void learn(std::string_view update) {
        const auto document =
            parse_object("{\"evolution_updates\":[" + std::string(update) + "]}").value();
        REQUIRE(run(processor.apply(document, store::insight_source::push)));
    }
    json::object analysis(const recall_answer& from) {
        return parse_object(from.analysis_json).value();
    }
};

TEST_CASE("without updates the analysis is empty") {
    evolution_fixture f;
    REQUIRE(f.keep("green tea"));
    CHECK(f.recall({.query = "tea"}).analysis_json == "{}");
    CHECK(analysis_of({}) == "{}");
}

TEST_CASE("an update that matches is in the analysis, as insights are shown, with its score") {
    evolution_fixture f;
    f.learn(R"({"insight":"User prefers morning deadlines","confidence":0.92})");
    f.learn(R"({"insight":"User drinks tea"})");
    const auto answer = f.recall({.query = "when are deadlines"});
    const auto analysis = f.analysis(answer);
    const auto& updates = analysis.at("evolution_updates").as_array();
    REQUIRE(updates.size() == 1);
    const auto& one = updates[0].as_object();
    CHECK(one.at("kind") == "evolution_update");
    CHECK(one.at("payload").at("confidence") == 0.92);
    CHECK(one.at("relevance_score").as_double() > 0);
    CHECK(one.at("relevance_score").as_double() <= 1);
    CHECK(answer.memories.empty());
}

TEST_CASE("the memories that a matching update cites are recalled with it") {
    evolution_fixture f;
    REQUIRE(f.keep(named("m1", "standup at nine")));
    REQUIRE(f.keep(named("m2", "lunch at noon")));
    f.learn(R"({"insight":"prefers morning deadlines","memory_ids":["m1","gone"]})");
    const auto answer = f.recall({.query = "deadlines"});
    CHECK(ids_of(answer.memories) == ids{"m1"});
    CHECK(answer.memories[0].score > 0);
    REQUIRE(answer.memories[0].signals);
    CHECK(answer.memories[0].signals->text > 0);
}

TEST_CASE("a memory that was found anyway is there once") {
    evolution_fixture f;
    REQUIRE(f.keep(named("m1", "deadlines are at nine")));
    f.learn(R"({"insight":"prefers morning deadlines","memory_ids":["m1","m1"]})");
    f.learn(R"({"insight":"deadlines matter","memory_ids":["m1"]})");
    CHECK(ids_of(f.recall({.query = "deadlines"}).memories) == ids{"m1"});
}

TEST_CASE("an update raises a memory that says less of what is asked for") {
    evolution_fixture f;
    REQUIRE(f.keep(named("m1", "a standup at nine, which is before the deadlines of most teams")));
    REQUIRE(f.keep(named("m2", "deadlines")));
    const recall_request asked{.query = "morning deadlines"};
    CHECK(ids_of(f.recall(asked).memories) == ids{"m2", "m1"});
    f.learn(R"({"insight":"morning deadlines","memory_ids":["m1"]})");
    const auto found = f.recall(asked).memories;
    CHECK(ids_of(found) == ids{"m1", "m2"});
    CHECK(found[0].signals->insight == found[0].signals->text);
    CHECK(found[0].signals->words > 0);
    CHECK(found[0].score == recall::relevance(*found[0].signals, {}));
    CHECK(found[1].signals->insight == 0);
}

TEST_CASE("what an update cites passes the filter, the least score and the count like any other") {
    evolution_fixture f;
    auto hers = named("m1", "standup at nine");
    hers.what.user_id = "lena";
    REQUIRE(f.keep(hers));
    REQUIRE(f.keep(named("m2", "archived one")));
    store::memory_patch patch;
    patch.archived = true;
    REQUIRE(f.run(f.memories.amend("m2", patch)));
    f.learn(R"({"insight":"prefers morning deadlines","memory_ids":["m1","m2"]})");
    CHECK(ids_of(f.recall({.query = "deadlines"}).memories) == ids{"m1"});
    CHECK(ids_of(f.recall({.query = "deadlines", .filter = {.user_id = "lena"}}).memories) ==
          ids{"m1"});
    CHECK(f.recall({.query = "deadlines", .filter = {.user_id = "ada"}}).memories.empty());
    CHECK(f.recall({.query = "deadlines", .min_score = 1.5}).memories.empty());
    REQUIRE(f.keep(named("m3", "deadlines deadlines")));
    REQUIRE(f.keep(named("m4", "deadlines again")));
    CHECK(f.recall({.query = "deadlines", .count = 2}).memories.size() == 2);
}

TEST_CASE("a filter restricts the updates too: what was learned of others' memories is not shown") {
    evolution_fixture f;
    auto hers = named("m1", "standup at nine");
    hers.what.user_id = "alice";
    hers.what.agent_id = "a";
    hers.what.session_id = "s";
    REQUIRE(f.keep(hers));
    f.learn(R"({"insight":"Alice misses deadlines","memory_ids":["m1"]})");
    f.learn(R"({"insight":"deadlines are on Fridays"})");
    CHECK(shown(f.recall({.query = "deadlines"})) == 2);
    CHECK(shown(f.recall({.query = "deadlines", .filter = {.include_archived = true}})) == 2);
    const store::memory_filter others[] = {
        {.user_id = "bob"},  {.agent_id = "b"},
        {.session_id = "t"}, {.memory_type = "fact"},
        {.tags = {"x"}},     {.until = f.clock.now() - std::chrono::hours(1)}};
    for (const auto& filter : others)
        CHECK(f.recall({.query = "deadlines", .filter = filter}).analysis_json == "{}");
    const store::memory_filter own[] = {
        {.user_id = "alice"}, {.agent_id = "a"}, {.session_id = "s"}};
    for (const auto& filter : own) {
        const auto answer = f.recall({.query = "deadlines", .filter = filter});
        CHECK(ids_of(answer.memories) == ids{"m1"});
        CHECK(shown(answer) == 1);
        CHECK(answer.analysis_json.find("Alice") != std::string::npos);
    }
}

TEST_CASE("an update that cites a memory of the answer by the cloud's id is shown with it") {
    evolution_fixture f(config::mode::hybrid);
    auto hers = named("m1", "deadlines at nine");
    hers.what.user_id = "alice";
    REQUIRE(f.keep(hers));
    f.drain(store::after_sync::keep_memory, "mem_1");
    f.learn(R"({"insight":"Alice misses deadlines","memory_ids":["mem_1"]})");
    f.cloud.next(cloud::answer{503});
    CHECK(shown(f.recall({.query = "deadlines", .filter = {.user_id = "alice"}})) == 1);
}

TEST_CASE("an update that says whose it is, itself or by its envelope, is shown to that user") {
    evolution_fixture f;
    SECTION("itself") {
        f.learn(R"({"insight":"misses deadlines","user_id":"alice"})");
    }
    SECTION("by its envelope") {
        const auto envelope =
            parse_object(R"({"event_type":"evolution_updates","user_id":"alice",)"
                         R"("data":{"updates":[{"insight":"misses deadlines"}]}})");
        REQUIRE(f.run(f.processor.apply(*envelope, store::insight_source::push)));
        f.learn(R"({"insight":"misses deadlines"})");  // the same, by a poll
        CHECK(f.run(f->list_insights(0, 10)).total == 1);
    }
    CHECK(shown(f.recall({.query = "deadlines", .filter = {.user_id = "alice"}})) == 1);
    CHECK(shown(f.recall({.query = "deadlines", .filter = {.user_id = "bob"}})) == 0);
    CHECK(shown(f.recall(
              {.query = "deadlines", .filter = {.user_id = "alice", .session_id = "s"}})) == 0);
}

TEST_CASE("no update is shown whose relevance is below the least score") {
    evolution_fixture f;
    f.learn(R"({"insight":"prefers morning deadlines"})");
    CHECK(shown(f.recall({.query = "deadlines", .min_score = 0.01})) == 1);
    CHECK(shown(f.recall({.query = "deadlines", .min_score = 1.01})) == 0);
}

TEST_CASE("a filter finds the updates that it lets through behind others that match better") {
    evolution_fixture f;
    f.learn(R"({"insight":"long after many other words come the deadlines","user_id":"bob"})");
    for (int i = 0; i < 8; ++i)
        f.learn(R"({"insight":"deadlines )" + std::to_string(i) + R"(","user_id":"alice"})");
    CHECK(shown(f.recall({.query = "deadlines"})) == 5);
    CHECK(shown(f.recall({.query = "deadlines", .filter = {.user_id = "bob"}})) == 1);
}

TEST_CASE("evolution that is off, in the request or the settings, adds nothing") {
    evolution_fixture f;
    f.learn(R"({"insight":"prefers morning deadlines"})");
    CHECK(f.recall({.query = "deadlines", .evolution_enabled = false}).analysis_json == "{}");
    f.settings.evolution = false;
    CHECK(f.recall({.query = "deadlines"}).analysis_json == "{}");
}

TEST_CASE("a recall that the cloud should have answered is enriched here") {
    evolution_fixture f(config::mode::hybrid);
    f.learn(R"({"insight":"prefers morning deadlines"})");
    f.cloud.next(cloud::answer{503});
    const auto answer = f.recall({.query = "deadlines"});
    CHECK(answer.degraded);
    CHECK(f.analysis(answer).at("evolution_updates").as_array().size() == 1);
}

}  // namespace
}  // namespace memorypro::memory
