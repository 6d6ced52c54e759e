// A recall that is answered here, with what the cloud has learned.
#include "memory/evolution.hpp"

#include "insights/processor.hpp"
#include "memory/fixture.hpp"

namespace memorypro::memory {
namespace {

struct fixture : service_fixture {
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
    fixture f;
    REQUIRE(f.keep("green tea"));
    CHECK(f.recall({.query = "tea"}).analysis_json == "{}");
    CHECK(analysis_of({}) == "{}");
}

TEST_CASE("an update that matches is in the analysis, as insights are shown, with its score") {
    fixture f;
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
    fixture f;
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
    fixture f;
    REQUIRE(f.keep(named("m1", "deadlines are at nine")));
    f.learn(R"({"insight":"prefers morning deadlines","memory_ids":["m1","m1"]})");
    f.learn(R"({"insight":"deadlines matter","memory_ids":["m1"]})");
    CHECK(ids_of(f.recall({.query = "deadlines"}).memories) == ids{"m1"});
}

TEST_CASE("what an update cites passes the filter, the least score and the count like any other") {
    fixture f;
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

TEST_CASE("evolution that is off, in the request or the settings, adds nothing") {
    fixture f;
    f.learn(R"({"insight":"prefers morning deadlines"})");
    CHECK(f.recall({.query = "deadlines", .evolution_enabled = false}).analysis_json == "{}");
    f.settings.evolution = false;
    CHECK(f.recall({.query = "deadlines"}).analysis_json == "{}");
}

TEST_CASE("a recall that the cloud should have answered is enriched here") {
    fixture f(config::mode::hybrid);
    f.learn(R"({"insight":"prefers morning deadlines"})");
    f.cloud.next(cloud::answer{503});
    const auto answer = f.recall({.query = "deadlines"});
    CHECK(answer.degraded);
    CHECK(f.analysis(answer).at("evolution_updates").as_array().size() == 1);
}

}  // namespace
}  // namespace memorypro::memory
