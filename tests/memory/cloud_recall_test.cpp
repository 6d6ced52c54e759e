// Recall in a cloud mode: who answers, what is merged, what is hidden, what remains without it.
#include "memory/cloud_answers.hpp"

namespace memorypro::memory {
namespace {

using config::mode;

TEST_CASE("the cloud answers a recall, with its actions and its analysis") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(
        answering(hit("mem_1", 0.9) + "," + hit("mem_2", 0.4),
                  R"(,"discovered_actions":[{"type":"task"}],"analysis":{"mood":"good"})"));
    const auto answer = f.recall({.query = "tea"});
    CHECK(answer.source == answered_by::cloud);
    CHECK_FALSE(answer.degraded);
    CHECK(ids_of(answer.memories) == ids{"mem_1", "mem_2"});
    CHECK(answer.memories[0].score == 0.9);
    CHECK_FALSE(answer.memories[0].signals);
    CHECK(answer.actions_json == R"([{"type":"task"}])");
    CHECK(answer.analysis_json == R"({"mood":"good"})");
    CHECK(f.counted.text().find("memorypro_recall_seconds_count{source=\"cloud\"} 1") !=
          std::string::npos);
}

TEST_CASE("the cloud is asked everything that the caller asked") {
    service_fixture f(mode::cloud_first);
    f.cloud.otherwise(answering(""));
    f.recall({.query = "tea?",
              .count = 7,
              .weights = {.recent = false, .responsibilities = true},
              .auto_queue_actions = false,
              .filter = {.user_id = "lena", .session_id = "s1", .tags = {"x"}}});
    const auto body = f.sent(0);
    CHECK(f.cloud.request(0).target == "/api/v1/memory/recall");
    CHECK(body.at("query") == "tea?");
    CHECK(body.at("recall_count") == 7);
    CHECK(body.at("weight_recent") == false);
    CHECK(body.at("weight_responsibilities") == true);
    CHECK(body.at("auto_queue_actions") == false);
    CHECK(body.at("evolution_enabled") == true);
    CHECK(body.at("session_id") == "s1");
    CHECK(body.at("user_id") == "lena");
    CHECK(body.at("tags") == json::value(json::array{"x"}));
}

TEST_CASE("evolution is off for the cloud when the caller or the settings say so") {
    service_fixture f(mode::cloud_first);
    f.cloud.otherwise(answering(""));
    f.recall({.query = "tea", .evolution_enabled = false});
    f.settings.evolution = false;
    f.recall({.query = "tea", .evolution_enabled = true});
    CHECK(f.sent(0).at("evolution_enabled") == false);
    CHECK(f.sent(1).at("evolution_enabled") == false);
}

TEST_CASE("you always find what you stored: what waits is merged into the cloud's answer") {
    for (const auto in : {mode::cloud_first, mode::hybrid}) {
        service_fixture f(in);
        const auto id = in == mode::hybrid ? f.keep("green tea")->id : waiting(f, "green tea");
        f.cloud.next(answering(hit("mem_1", 0.01)));
        const auto answer = f.recall({.query = "tea"});
        CHECK(answer.source == answered_by::merged);
        CHECK_FALSE(answer.degraded);
        REQUIRE(ids_of(answer.memories) == ids{id, "mem_1"});
        CHECK(answer.memories[0].memory.sync_state == sync_state::queued);
        CHECK(answer.memories[0].signals);
        CHECK(f.counted.text().find("memorypro_recall_seconds_count{source=\"merged\"} 1") !=
              std::string::npos);
    }
}

TEST_CASE("what only waits and does not match leaves the answer the cloud's") {
    service_fixture f(mode::cloud_first);
    waiting(f, "coffee");
    f.cloud.next(answering(hit("mem_1", 0.5)));
    const auto answer = f.recall({.query = "tea"});
    CHECK(answer.source == answered_by::cloud);
    CHECK(ids_of(answer.memories) == ids{"mem_1"});
}

TEST_CASE("dead letters and what is only local are merged too") {
    service_fixture f;
    const auto local = f.keep("local tea")->id;
    f.settings = in_mode(mode::hybrid);
    const auto dead = f.keep("dead tea")->id;
    const auto lanes = f.run(f->claim_outbox({})).lanes;
    REQUIRE(lanes.size() == 1);
    f.run(f->settle_outbox(lanes[0].scope,
                           {{.id = lanes[0].entries[0].id,
                             .revision = lanes[0].entries[0].revision,
                             .what = store::settlement::kind::refused,
                             .error = "422: too odd"}},
                           store::after_sync::keep_copy, true));
    f.cloud.next(answering(""));
    auto found = ids_of(f.recall({.query = "tea"}).memories);
    std::ranges::sort(found);
    ids expected{local, dead};
    std::ranges::sort(expected);
    CHECK(found == expected);
}

TEST_CASE("a filter restricts also where the cloud ignores it") {
    service_fixture f(mode::cloud_first);
    f.cloud.next(answering(hit("lena", 0.9, R"(,"user_id":"lena","tags":["x"])") + "," +
                           hit("ada", 0.8, R"(,"user_id":"ada","tags":["x"])") + "," +
                           hit("nobody", 0.7)));
    const auto answer = f.recall({.query = "tea", .filter = {.user_id = "lena", .tags = {"x"}}});
    CHECK(ids_of(answer.memories) == ids{"lena"});
}

TEST_CASE("when the cloud fails what is here answers, degraded") {
    for (const cloud::outcome& failure :
         {cloud::outcome(cloud::answer{503}), cloud::outcome(cloud::answer{401}),
          cloud::outcome(cloud::answer{422}), cloud::outcome(cloud::answer{200, "[]"}),
          cloud::outcome(cloud::no_answer{cloud::no_answer::reason::tls, "expired"})}) {
        service_fixture f(mode::hybrid);
        const auto synced = f.keep("green tea")->id;
        f.drain(store::after_sync::keep_copy, "mem_1");
        const auto queued = f.keep("tea")->id;
        f.cloud.otherwise(failure);
        const auto answer = f.recall({.query = "tea"});
        CHECK(answer.source == answered_by::local);
        CHECK(answer.degraded);
        CHECK(ids_of(answer.memories) == ids{queued, synced});
        CHECK(answer.actions_json == "[]");
        CHECK(answer.analysis_json == "{}");
        CHECK(f.counted.text().find("memorypro_recall_seconds_count{source=\"local\"} 1") !=
              std::string::npos);
    }
}

TEST_CASE("while the circuit is open a recall is degraded at once, without a call") {
    service_fixture f(mode::cloud_first);
    const auto id = waiting(f, "green tea");
    f.open_circuit();
    const auto calls = f.cloud.exchanges().size();
    const auto answer = f.recall({.query = "tea"});
    CHECK(answer.degraded);
    CHECK(ids_of(answer.memories) == ids{id});
    CHECK(f.cloud.exchanges().size() == calls);
}

TEST_CASE("without a fallback a recall that fails is unavailable, one that is refused is refused") {
    service_fixture f(without_fallback(in_mode(mode::hybrid)));
    REQUIRE(f.keep("tea"));
    f.cloud.next(cloud::answer{503, "", "9"});
    const auto away = f.run(f.memories.recall({.query = "tea"}));
    REQUIRE_FALSE(away);
    CHECK(away.error().code == errc::unavailable);
    CHECK(away.error().retry_after == std::chrono::seconds(9));
    f.cloud.next(cloud::answer{422, R"({"detail":"too vague"})"});
    const auto refused = f.run(f.memories.recall({.query = "tea"}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::refused);
    CHECK(refused.error().detail.find("too vague") != std::string::npos);
}

TEST_CASE("in local mode a recall is local and not degraded, whatever the queue still holds") {
    service_fixture f(mode::hybrid);
    const auto id = f.keep("tea")->id;
    f.settings = in_mode(mode::local);
    const auto answer = f.recall({.query = "tea"});
    CHECK(answer.source == answered_by::local);
    CHECK_FALSE(answer.degraded);
    CHECK(ids_of(answer.memories) == ids{id});
    CHECK(f.cloud.exchanges().empty());
}

TEST_CASE("a query without a word is still the cloud's to answer") {
    service_fixture f(mode::cloud_first);
    waiting(f, "tea");
    f.cloud.next(answering(hit("mem_1", 0.5)));
    CHECK(ids_of(f.recall({.query = "?!"}).memories) == ids{"mem_1"});
}

TEST_CASE("where the cloud's answer is too large it is asked for less, and that says so") {
    service_fixture f(mode::cloud_first);
    f.settings.max_retries = 3;
    cloud::no_answer too_large{cloud::no_answer::reason::too_large, "too large", true, 200};
    f.cloud.next(too_large);
    f.cloud.next(answering(hit("mem_1", 0.9)));
    const auto answer = f.recall({.query = "tea", .count = 20});
    CHECK(ids_of(answer.memories) == ids{"mem_1"});
    CHECK(answer.degraded);
    CHECK(answer.source == answered_by::cloud);
    REQUIRE(f.cloud.exchanges().size() == 2);
    CHECK(f.sent(0).at("recall_count") == 20);
    CHECK(f.sent(1).at("recall_count") == 5);

    f.cloud.otherwise(too_large);
    for (int i = 0; i < 2 * cloud::circuit::failures_to_open; ++i)
        CHECK(f.recall({.query = "tea", .count = 1}).source == answered_by::local);
    CHECK(f.client.health().state == cloud::state::online);
    CHECK(f.cloud.exchanges().size() == 12);
    SECTION("what is too large of a failure is one") {
        f.settings.max_retries = 0;
        too_large.answered = GENERATE(0u, 401u, 503u);
        f.cloud.otherwise(too_large);
        for (int i = 0; i < cloud::circuit::failures_to_open; ++i)
            f.recall({.query = "tea"});
        CHECK(f.client.health().state == cloud::state::offline);
        return;
    }
    f.settings = without_fallback(f.settings);
    const auto refused = f.run(f.memories.recall({.query = "tea"}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::refused);
    CHECK(refused.error().detail.find("too large") != std::string::npos);
}

}  // namespace
}  // namespace memorypro::memory
