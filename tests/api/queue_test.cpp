#include "api/fixture.hpp"

namespace memorypro::api {
namespace {

TEST_CASE("the queue shows what waits, each with its call, state and times") {
    api_fixture f(mode::hybrid);
    const auto id = f.keep("tea")->id;
    const auto listed = f.get("/api/v1/queue");
    CHECK(listed.status == 200);
    CHECK(listed.body.at("total") == 1);
    CHECK(listed.body.at("next_cursor").is_null());
    const auto& item = listed.body.at("items").as_array().at(0).as_object();
    CHECK(item.at("id").as_string() == f.item());
    CHECK(item.at("memory_id").as_string() == id);
    CHECK(item.at("operation") == "sync");
    CHECK(item.at("state") == "pending");
    CHECK(item.at("attempts") == 0);
    CHECK(parse_time(item.at("next_attempt_at").as_string()));
    CHECK(item.at("last_error").is_null());
    CHECK(parse_time(item.at("created_at").as_string()) == f.clock.now());
    const auto one = f.get("/api/v1/queue/" + f.item());
    CHECK(one.status == 200);
    CHECK(one.body == item);
}

TEST_CASE("the queue is listed in pages, oldest first, and by state") {
    api_fixture f(mode::hybrid);
    f.keep("odd");
    f.refuse_all("422: too odd");
    for (int i = 0; i < 4; ++i)
        f.keep("tea");
    std::vector<std::int64_t> seen;
    std::string target = "/api/v1/queue?state=pending&limit=3";
    for (auto page = f.get(target);;) {
        CHECK(page.body.at("total") == 4);
        for (const auto& item : page.body.at("items").as_array())
            seen.push_back(std::stoll(std::string(item.as_object().at("id").as_string())));
        const auto& next = page.body.at("next_cursor");
        if (next.is_null()) break;
        page = f.get(target + "&cursor=" + std::string(next.as_string()));
    }
    CHECK(seen.size() == 4);
    CHECK(std::ranges::is_sorted(seen));
    const auto dead = f.get("/api/v1/queue?state=dead");
    CHECK(dead.body.at("total") == 1);
    const auto& item = dead.body.at("items").as_array().at(0).as_object();
    CHECK(item.at("state") == "dead");
    CHECK(item.at("last_error") == "422: too odd");
    CHECK(item.at("next_attempt_at").is_null());
    CHECK(item.at("attempts") == 1);
    CHECK(f.get("/api/v1/queue?state=done").status == 422);
    CHECK(f.get("/api/v1/queue?user_id=x").status == 422);
}

TEST_CASE("an item that is not in the queue is not found, whatever it is called") {
    api_fixture f(mode::hybrid);
    for (const std::string id : {"999", "0", "-1", "1x", "flushed", "99999999999999999999"}) {
        CAPTURE(id);
        CHECK(f.get("/api/v1/queue/" + id).status == 404);
        CHECK(f.post("/api/v1/queue/" + id + "/retry").status == 404);
        CHECK(f.ask("DELETE", "/api/v1/queue/" + id).status == 404);
    }
}

TEST_CASE("a dead letter that is retried is pending, due at once, and the worker is woken") {
    api_fixture f(mode::hybrid);
    const auto id = f.keep("odd")->id;
    f.refuse_all("422: too odd");
    CHECK(f.run(f.memories.get(id))->sync_state == memory::sync_state::dead);
    const auto rings = f.news.rings();
    const auto retried = f.post("/api/v1/queue/" + f.item() + "/retry");
    CHECK(retried.status == 200);
    CHECK(retried.body.at("state") == "pending");
    CHECK(f.news.rings() > rings);
    CHECK(f.claimed().size() == 1);
}

TEST_CASE("an item that is deleted is never sent, and its memory stays, local") {
    api_fixture f(mode::hybrid);
    const auto id = f.keep("tea")->id;
    const auto item = f.item();
    const auto deleted = f.ask("DELETE", "/api/v1/queue/" + item);
    CHECK(deleted.status == 200);
    CHECK(deleted.body.at("status") == "success");
    CHECK(deleted.body.at("id").as_string() == item);
    CHECK(f.queue().empty());
    CHECK(f.run(f.memories.get(id))->sync_state == memory::sync_state::local);
    CHECK(f.ask("DELETE", "/api/v1/queue/" + item).status == 404);
}

TEST_CASE("what is only local is queued as the mode calls the cloud, some at a time") {
    for (const auto in : {mode::hybrid, mode::cloud_first}) {
        api_fixture f;
        for (int i = 0; i < 3; ++i)
            f.add("m" + std::to_string(i), "tea");
        f.settings = memory::in_mode(in);
        const auto rings = f.news.rings();
        const auto queued = f.post("/api/v1/queue");
        CHECK(queued.status == 200);
        CHECK(queued.body == json::object{{"queued", 3}, {"remaining", 0}});
        CHECK(f.news.rings() == rings + 1);
        const auto rows = f.queue();
        REQUIRE(rows.size() == 3);
        CHECK(rows[0].call ==
              (in == mode::hybrid ? store::cloud_call::sync : store::cloud_call::store));
        CHECK(f.post("/api/v1/queue").body == json::object{{"queued", 0}, {"remaining", 0}});
        CHECK(f.news.rings() == rings + 1);
        CHECK(f.post("/api/v1/queue?all=true").status == 422);
    }
}

TEST_CASE("without a cloud nothing is queued, and the answer says why") {
    api_fixture f;
    f.add("m", "tea");
    const auto refused = f.post("/api/v1/queue");
    CHECK(refused.status == 422);
    CHECK(refused.body.at("code") == "no_cloud");
    CHECK(f.queue().empty());
}

TEST_CASE("a flush of an empty queue is drained at once, in every mode") {
    for (const auto in : {mode::local, mode::cloud_first, mode::hybrid}) {
        api_fixture f(in);
        CHECK(f.post("/api/v1/queue/flush?timeout=3600").body ==
              json::object{{"drained", true}, {"pending", 0}, {"dead", 0}});
    }
}

TEST_CASE("a flush makes everything due, wakes the worker, and answers when it has drained") {
    api_fixture f(mode::hybrid);
    f.keep("tea");
    const auto lane = f.run(f.store().claim_outbox({})).lanes.at(0);
    f.run(f.store().settle_outbox(lane.scope,
                                  {{.id = lane.entries[0].id,
                                    .revision = lane.entries[0].revision,
                                    .what = store::settlement::kind::retry,
                                    .error = "503",
                                    .next_attempt_at = f.clock.now() + std::chrono::hours(1)}},
                                  store::after_sync::keep_copy, true));
    REQUIRE(f.claimed().empty());
    const auto rings = f.news.rings();
    test::raw_client client(f.loop, f.path());
    f.send(client, "POST", "/api/v1/queue/flush?timeout=3600");
    REQUIRE(test::run_until(f.loop, [&] { return f.news.rings() > rings; }));
    f.drain(store::after_sync::keep_copy, "mem_1");
    f.events.publish("memory.synced", "{}");
    CHECK(f.receive(client).body == json::object{{"drained", true}, {"pending", 0}, {"dead", 0}});
}

TEST_CASE("a flush lets the cloud be tried although the circuit is open") {
    api_fixture f(mode::hybrid);
    f.open_circuit();
    REQUIRE_FALSE(f.client.callable());
    f.keep("tea");
    CHECK(f.post("/api/v1/queue/flush?timeout=0").body ==
          json::object{{"drained", false}, {"pending", 1}, {"dead", 0}});
    CHECK(f.client.callable());
}

TEST_CASE("a flush tells what is left at its timeout, dead letters apart") {
    api_fixture f(mode::hybrid);
    f.keep("odd");
    f.refuse_all("422");
    CHECK(f.post("/api/v1/queue/flush?timeout=3600").body ==
          json::object{{"drained", true}, {"pending", 0}, {"dead", 1}});
    f.keep("tea");
    REQUIRE(f.claimed().size() == 1);  // in flight counts: the cloud does not have it
    CHECK(f.post("/api/v1/queue/flush?timeout=0").body ==
          json::object{{"drained", false}, {"pending", 1}, {"dead", 1}});
    CHECK(f.post("/api/v1/queue/flush?timeout=-1").status == 422);
}

TEST_CASE("a flush does not wait where no cloud is configured") {
    api_fixture f(mode::hybrid);
    f.keep("tea");
    f.settings = memory::in_mode(mode::local);
    CHECK(f.post("/api/v1/queue/flush?timeout=3600").body ==
          json::object{{"drained", false}, {"pending", 1}, {"dead", 0}});
}

TEST_CASE("a flush never holds up a stop") {
    api_fixture f(mode::hybrid);
    f.keep("tea");
    const auto rings = f.news.rings();
    test::raw_client client(f.loop, f.path());
    f.send(client, "POST", "/api/v1/queue/flush?timeout=3600");
    REQUIRE(test::run_until(f.loop, [&] { return f.news.rings() > rings; }));
    f.events.close();
    CHECK(f.receive(client).body.at("drained") == false);
}

}  // namespace
}  // namespace memorypro::api
