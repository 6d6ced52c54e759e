// What the memory calls answer with a cloud, over HTTP.
#include <boost/json/parse.hpp>

#include "api/fixture.hpp"

namespace memorypro::api {
namespace {

TEST_CASE("a store answers 201 with the cloud's id, or the queue's state") {
    api_fixture f(mode::cloud_first);
    f.cloud.next(cloud::answer{201, R"({"memory_id":"mem_1"})"});
    const auto synced = f.post("/api/v1/memory/store", R"({"content":"tea"})");
    CHECK(synced.status == 201);
    CHECK(synced.body ==
          json::object{{"status", "success"}, {"memory_id", "mem_1"}, {"sync_state", "synced"}});
    f.cloud.next(cloud::answer{503});
    const auto queued = f.post("/api/v1/memory/store", R"({"content":"tea"})");
    CHECK(queued.status == 201);
    CHECK(queued.body.at("sync_state") == "queued");
}

TEST_CASE("a store that the cloud refuses is 422 with its words and a code of its own") {
    api_fixture f(mode::cloud_first);
    f.cloud.next(cloud::answer{400, R"({"detail":"content is too odd"})"});
    const auto refused = f.post("/api/v1/memory/store", R"({"content":"tea"})");
    CHECK(refused.status == 422);
    CHECK(refused.body.at("code") == "refused_by_cloud");
    CHECK(refused.text.find("content is too odd") != std::string::npos);
}

TEST_CASE("without a fallback a store and a recall are 503 and say when to come again") {
    api_fixture f(memory::without_fallback(memory::in_mode(mode::cloud_first)));
    f.cloud.otherwise(cloud::answer{503, "", "11"});
    for (const auto& answer : {f.post("/api/v1/memory/store", R"({"content":"tea"})"),
                               f.post("/api/v1/memory/recall", R"({"query":"tea"})")}) {
        CHECK(answer.status == 503);
        CHECK(answer.body.at("code") == "unavailable");
        CHECK(answer.retry_after == "11");
    }
}

TEST_CASE("a recall says who answered, and explains each hit by who ranked it") {
    api_fixture f(mode::hybrid);
    f.keep("green tea");
    const std::string cloud =
        R"({"memories":[{"memory_id":"mem_1","content":"tea","relevance_score":0.01}],)"
        R"("discovered_actions":[{"type":"task"}],"analysis":{"mood":"good"}})";
    f.cloud.next(cloud::answer{200, cloud});
    const auto merged = f.post("/api/v1/memory/recall", R"({"query":"tea","explain":true})");
    CHECK(merged.status == 200);
    CHECK(merged.body.at("source") == "merged");
    CHECK(merged.body.at("degraded") == false);
    CHECK(merged.body.at("discovered_actions") == json::parse(R"([{"type":"task"}])"));
    CHECK(merged.body.at("analysis") == json::parse(R"({"mood":"good"})"));
    const auto& hits = merged.body.at("memories").as_array();
    REQUIRE(hits.size() == 2);
    CHECK(hits[0].at("explain").as_object().contains("recency"));
    CHECK(hits[1].at("explain") == json::object{{"cloud", 0.01}});

    f.cloud.next(cloud::answer{503});
    const auto local = f.post("/api/v1/memory/recall", R"({"query":"tea"})");
    CHECK(local.body.at("source") == "local");
    CHECK(local.body.at("degraded") == true);
    CHECK_FALSE(local.body.at("memories").at(0).as_object().contains("explain"));

    f.cloud.next(cloud::answer{200, cloud});
    const auto coffee = f.post("/api/v1/memory/recall", R"({"query":"coffee"})");
    CHECK(coffee.body.at("source") == "cloud");
}

TEST_CASE("a delete says whether the cloud retains a copy") {
    api_fixture f(mode::hybrid);
    const auto queued = f.keep("tea")->id;
    CHECK(f.ask("DELETE", "/api/v1/memory/" + queued).body ==
          json::object{{"status", "success"}, {"memory_id", queued}, {"cloud_copy", "none"}});
    const auto synced = f.keep("tea")->id;
    f.drain(store::after_sync::keep_copy, "mem_1");
    CHECK(f.ask("DELETE", "/api/v1/memory/" + synced).body.at("cloud_copy") == "retained");
    CHECK(f.ask("DELETE", "/api/v1/memory/mem_9").body.at("cloud_copy") == "retained");
    CHECK(f.ask("DELETE", "/api/v1/memory/mem_9").status == 404);
}

}  // namespace
}  // namespace memorypro::api
