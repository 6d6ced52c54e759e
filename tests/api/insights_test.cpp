// What the cloud has found out, over HTTP.
#include "api/fixture.hpp"

namespace memorypro::api {
namespace {

using strings = std::vector<std::string>;

// The listing's items, each as its member `name`.
strings listed(const answered& from, std::string_view resource, std::string_view name) {
    REQUIRE(from.status == 200);
    strings all;
    for (const auto& item : from.body.at(resource).as_array())
        all.emplace_back(item.as_object().at(name).as_string());
    return all;
}

void bring(api_fixture& f, std::string_view document,
           store::insight_source source = store::insight_source::poll) {
    REQUIRE(f.run(f.processor.apply(parse_object(document).value(), source)));
}

strings names_of_events(const api_fixture& f, std::uint64_t since) {
    strings names;
    for (const auto& one : f.events.since(since, 100))
        names.emplace_back(one.name);
    return names;
}

TEST_CASE("insights are listed oldest first, after the last one seen") {
    api_fixture f;
    CHECK(f.get("/api/v1/insights").text == R"({"insights":[],"next_cursor":null,"total":0})");
    bring(f, R"({"evolution_updates":[{"insight":"a"},{"insight":"b"},{"insight":"c"}]})");
    const auto first = f.get("/api/v1/insights?limit=2");
    CHECK(first.body.at("total") == 3);
    const auto ids = listed(first, "insights", "id");
    REQUIRE(ids.size() == 2);
    CHECK(first.body.at("next_cursor") == json::value(ids[1]));
    const auto rest = f.get("/api/v1/insights?since=" + ids[1]);
    CHECK(rest.body.at("next_cursor").is_null());
    const auto& items = rest.body.at("insights").as_array();
    REQUIRE(items.size() == 1);
    CHECK(items[0].at("kind") == "evolution_update");
    CHECK(items[0].at("payload") == json::object{{"insight", "c"}});
    CHECK(items[0].at("source") == "poll");
    CHECK(f.get("/api/v1/insights?since=x").status == 422);
}

TEST_CASE(
    "a recommendation to archive is applied when it comes, one to delete when it is told to") {
    api_fixture f;
    REQUIRE(f.keep(memory::named("m1", "green tea")));
    REQUIRE(f.keep(memory::named("m2", "black tea")));
    bring(f, R"({"lifecycle_recommendations":[)"
             R"({"action":"archive","memory_ids":["m1"],"reason":"Low relevance"},)"
             R"({"action":"delete","memory_ids":["m2"]}]})");
    CHECK(f.get("/api/v1/memory/m1").body.at("archived") == true);
    CHECK(f.get("/api/v1/memory/m2").status == 200);

    const auto all = f.get("/api/v1/recommendations");
    CHECK(listed(all, "recommendations", "action") == strings{"delete", "archive"});
    CHECK(listed(all, "recommendations", "status") == strings{"pending", "applied"});
    const auto waiting = f.get("/api/v1/recommendations?status=pending");
    const auto ids = listed(waiting, "recommendations", "id");
    REQUIRE(ids.size() == 1);

    const auto seen = f.events.last_id();
    const auto path = "/api/v1/recommendations/" + ids[0];
    const auto applied = f.post(path + "/apply");
    CHECK(applied.status == 200);
    CHECK(applied.body.at("status") == "applied");
    CHECK(f.get("/api/v1/memory/m2").status == 404);
    CHECK(names_of_events(f, seen) == strings{"recommendation.applied"});
    CHECK(f.events.since(seen, 1)[0].data == applied.text);

    const auto again = f.post(path + "/apply");  // as when the first answer was lost
    CHECK(again.status == 200);
    CHECK(again.text == applied.text);
    CHECK(names_of_events(f, seen).size() == 1);
    const auto other = f.post(path + "/dismiss");
    CHECK(other.status == 409);
    CHECK(other.body.at("code") == "not_pending");
}

TEST_CASE("a dismissed recommendation does nothing") {
    api_fixture f;
    REQUIRE(f.keep(memory::named("m1", "tea")));
    bring(f, R"({"lifecycle_recommendations":[{"action":"delete","memory_ids":["m1"]}]})");
    const auto ids = listed(f.get("/api/v1/recommendations"), "recommendations", "id");
    const auto seen = f.events.last_id();
    const auto dismissed = f.post("/api/v1/recommendations/" + ids.at(0) + "/dismiss");
    CHECK(dismissed.status == 200);
    CHECK(dismissed.body.at("status") == "dismissed");
    CHECK(f.get("/api/v1/memory/m1").status == 200);
    CHECK(names_of_events(f, seen).empty());
    const auto again = f.post("/api/v1/recommendations/" + ids[0] + "/dismiss");
    CHECK(again.status == 200);
    CHECK(again.text == dismissed.text);
    CHECK(f.post("/api/v1/recommendations/" + ids[0] + "/apply").status == 409);
    CHECK(names_of_events(f, seen).empty());
}

TEST_CASE("a recommendation of which nothing can come is refused, not called applied") {
    api_fixture f;
    bring(f, R"({"lifecycle_recommendations":[{"action":"merge","memory_ids":["m1"]},)"
             R"({"action":"archive"}]})");
    const auto seen = f.events.last_id();
    const auto all = f.get("/api/v1/recommendations");
    CHECK(listed(all, "recommendations", "status") == strings{"pending", "pending"});
    for (const auto& id : listed(all, "recommendations", "id")) {
        const auto refused = f.post("/api/v1/recommendations/" + id + "/apply");
        CHECK(refused.status == 422);
        CHECK(refused.body.at("code") == "not_applicable");
    }
    CHECK(names_of_events(f, seen).empty());
    CHECK(f.get("/api/v1/recommendations").text == all.text);
    for (const auto& id : listed(all, "recommendations", "id"))
        CHECK(f.post("/api/v1/recommendations/" + id + "/dismiss").status == 200);
}

TEST_CASE("a recommendation or an action that nobody has is not found") {
    api_fixture f;
    for (const char* id : {"1", "0", "-1", "x", "99999999999999999999"}) {
        CHECK(f.post("/api/v1/recommendations/" + std::string(id) + "/apply").status == 404);
        CHECK(f.post("/api/v1/recommendations/" + std::string(id) + "/dismiss").status == 404);
        CHECK(
            f.ask("PATCH", "/api/v1/actions/" + std::string(id), R"({"status":"failed"})").status ==
            404);
    }
}

TEST_CASE("actions are listed urgent first, then oldest first, page by page") {
    api_fixture f;
    bring(f, R"({"discovered_actions":[{"title":"a","priority":"low"},{"title":"b"},)"
             R"({"title":"c","priority":"urgent"},{"title":"d","priority":"high"},)"
             R"({"title":"e","priority":"medium"}]})");
    CHECK(listed(f.get("/api/v1/actions"), "actions", "title") == strings{"c", "d", "b", "e", "a"});
    strings paged;
    std::string query = "?limit=2";
    for (int page = 0; page < 5 && !query.empty(); ++page) {
        const auto got = f.get("/api/v1/actions" + query);
        for (const auto& title : listed(got, "actions", "title"))
            paged.push_back(title);
        CHECK(got.body.at("total") == 5);
        const auto& next = got.body.at("next_cursor");
        query = next.is_null() ? "" : "?limit=2&cursor=" + std::string(next.as_string());
    }
    CHECK(paged == strings{"c", "d", "b", "e", "a"});
}

TEST_CASE("an action goes through its states") {
    api_fixture f;
    bring(f, R"({"discovered_actions":[{"title":"a","memory_id":"m1"}]})");
    const auto id = listed(f.get("/api/v1/actions"), "actions", "id").at(0);
    f.clock.advance(std::chrono::seconds(5));
    const auto changed = f.ask("PATCH", "/api/v1/actions/" + id, R"({"status":"in_progress"})");
    CHECK(changed.status == 200);
    CHECK(changed.body.at("status") == "in_progress");
    CHECK(changed.body.at("memory_id") == "m1");
    CHECK(changed.body.at("updated_at") == json::value(format_time(f.clock.now())));
    CHECK(changed.body.at("created_at") != changed.body.at("updated_at"));
    CHECK(listed(f.get("/api/v1/actions?status=in_progress"), "actions", "id") == strings{id});
    CHECK(listed(f.get("/api/v1/actions?status=pending"), "actions", "id").empty());
    for (const char* body :
         {"{}", R"({"status":"done"})", R"({"status":1})", R"({"status":"failed","title":"x"})"})
        CHECK(f.ask("PATCH", "/api/v1/actions/" + id, body).status == 422);
}

TEST_CASE("in local mode insights are counted here") {
    api_fixture f;
    REQUIRE(f.keep("tea"));
    const auto got = f.get("/api/v1/memory/insights");
    CHECK(got.status == 200);
    CHECK(got.body.at("source") == "local");
    CHECK(got.body.at("degraded") == false);
    CHECK(got.body.at("as_of") == json::value(format_time(f.clock.now())));
    CHECK(got.body.at("memory_insights").at("total_memories") == 1);
    CHECK(got.text.find("tea") == std::string::npos);
    CHECK(f.get("/api/v1/memory/insights?x=1").status == 422);
}

TEST_CASE("with a cloud its document is given") {
    api_fixture f(mode::cloud_first);
    f.cloud.next({200, R"({"memory_insights":{"total_memories":1247},"x":1})"});
    const auto got = f.get("/api/v1/memory/insights");
    CHECK(got.body == json::object{{"memory_insights", {{"total_memories", 1247}}},
                                   {"x", 1},
                                   {"source", "cloud"},
                                   {"degraded", false},
                                   {"as_of", format_time(f.clock.now())}});
}

TEST_CASE("while the cloud is away its last snapshot is given, else what is counted here") {
    api_fixture f(mode::hybrid);
    f.cloud.next({503});
    const auto counted = f.get("/api/v1/memory/insights");
    CHECK(counted.body.at("source") == "local");
    CHECK(counted.body.at("degraded") == true);
    CHECK(counted.body.at("memory_insights").at("total_memories") == 0);

    const auto then = f.clock.now();
    bring(f, R"({"memory_insights":{"total_memories":1247}})");
    f.clock.advance(std::chrono::seconds(60));
    f.open_circuit();
    const auto sent = f.cloud.exchanges().size();
    const auto latest = f.get("/api/v1/memory/insights");
    CHECK(latest.body.at("memory_insights") == json::object{{"total_memories", 1247}});
    CHECK(latest.body.at("evolution_updates") == json::array());
    CHECK(latest.body.at("lifecycle_recommendations") == json::array());
    CHECK(latest.body.at("degraded") == true);
    CHECK(latest.body.at("as_of") == json::value(format_time(then)));
    CHECK(f.cloud.exchanges().size() == sent);
}

TEST_CASE(
    "without fallback the insights of a cloud that is away are a 503 that says when to come") {
    api_fixture f(memory::without_fallback(memory::in_mode(mode::hybrid)));
    bring(f, R"({"memory_insights":{"total_memories":1247}})");
    f.cloud.next({503, R"({"detail":"maintenance"})", "17"});
    const auto away = f.get("/api/v1/memory/insights");
    CHECK(away.status == 503);
    CHECK(away.retry_after == "17");
    CHECK(away.text.find("maintenance") != std::string::npos);
    f.cloud.next({200, R"({"memory_insights":{}})"});
    CHECK(f.get("/api/v1/memory/insights").status == 200);
}

TEST_CASE("actions that a recall discovers are kept once, unless it says otherwise") {
    api_fixture f(mode::cloud_first);
    const std::string found =
        R"({"memories":[],"discovered_actions":[{"type":"task","title":"Call Lena"}]})";
    f.cloud.next({200, found});
    const auto without =
        f.post("/api/v1/memory/recall", R"({"query":"q","auto_queue_actions":false})");
    CHECK(without.body.at("discovered_actions").as_array().size() == 1);
    CHECK(f.get("/api/v1/actions").body.at("total") == 0);
    for (int i = 0; i < 2; ++i) {
        f.cloud.next({200, found});
        CHECK(f.post("/api/v1/memory/recall", R"({"query":"q"})").status == 200);
        REQUIRE(test::run_until(f.loop, [&] { return f.parts.action_keepers == 0; }));
    }
    const auto actions = f.get("/api/v1/actions");
    CHECK(listed(actions, "actions", "title") == strings{"Call Lena"});
    CHECK(listed(actions, "actions", "source") == strings{"recall"});
}

TEST_CASE("status and capabilities tell whether webhooks are received and insights polled for") {
    api_fixture f;
    const auto status = f.get("/api/v1/status").body;
    CHECK(status.at("push") == json::object{{"enabled", false},
                                            {"registered", false},
                                            {"last_delivery", nullptr},
                                            {"accepted", 0},
                                            {"rejected", 0},
                                            {"duplicates", 0}});
    CHECK(status.at("poll") == json::object{{"enabled", false},
                                            {"interval_seconds", 60},
                                            {"last_success", nullptr},
                                            {"next", nullptr}});
    CHECK(f.get("/api/v1/capabilities").body.at("push_notifications") == false);
    CHECK(f.get("/api/v1/capabilities").body.at("lifecycle_management") == false);

    f.settings.webhook_secret = "s";
    CHECK(f.get("/api/v1/status").body.at("push").at("enabled") == false);
    f.receiver.listens();
    CHECK(f.get("/api/v1/status").body.at("push").at("enabled") == true);
    CHECK(f.get("/api/v1/capabilities").body.at("push_notifications") == true);
    CHECK(f.get("/api/v1/capabilities").body.at("lifecycle_management") == true);
    f.settings.lifecycle = false;
    CHECK(f.get("/api/v1/capabilities").body.at("lifecycle_management") == false);
}

TEST_CASE("with a cloud status tells when the next poll is") {
    api_fixture f(mode::hybrid);
    const auto poll = f.get("/api/v1/status").body.at("poll").as_object();
    CHECK(poll.at("enabled") == true);
    CHECK(poll.at("next") == json::value(format_time(f.clock.now())));
    f.settings.enable_polling = false;
    CHECK(f.get("/api/v1/status").body.at("poll").at("next").is_null());
}

}  // namespace
}  // namespace memorypro::api
