// Status, capabilities, readiness and metrics: true at every moment.
#include "api/fixture.hpp"

namespace memorypro::api {
namespace {

using std::chrono::seconds;

double metric(api_fixture& f, const std::string& name) {
    const auto text = f.get("/metrics").text;
    const auto at = text.find("\n" + name + " ");
    REQUIRE(at != std::string::npos);
    return std::stod(text.substr(at + name.size() + 2));
}

TEST_CASE("without a cloud status says so, and nothing waits") {
    api_fixture f;
    const auto status = f.get("/api/v1/status").body;
    CHECK(status.at("mode") == "local");
    CHECK(status.at("cloud") == json::object{{"state", "disabled"},
                                             {"circuit", "closed"},
                                             {"last_success", nullptr},
                                             {"last_error", nullptr}});
    CHECK(status.at("queue") == json::object{{"pending", 0},
                                             {"in_flight", 0},
                                             {"dead", 0},
                                             {"oldest_age_seconds", 0},
                                             {"bytes", 0}});
}

TEST_CASE("status shows the cloud as the last call found it") {
    api_fixture f(mode::cloud_first);
    const auto cloud = [&f] { return f.get("/api/v1/status").body.at("cloud").as_object(); };
    CHECK(cloud().at("state") == "online");
    CHECK(cloud().at("last_success").is_null());
    f.cloud.next(cloud::answer{201, R"({"memory_id":"mem_1"})"});
    f.keep("tea");
    CHECK(parse_time(cloud().at("last_success").as_string()) == f.clock.now());
    f.open_circuit();
    CHECK(cloud().at("state") == "offline");
    CHECK(cloud().at("circuit") == "open");
    CHECK_FALSE(cloud().at("last_error").as_string().empty());
    CHECK(metric(f, "memorypro_circuit_state") == 2);
    CHECK(metric(f, "memorypro_credentials_refused") == 0);
}

TEST_CASE("metrics of a cloud that is not in use any more say that all is well") {
    api_fixture f(mode::cloud_first);
    f.open_circuit();
    REQUIRE(metric(f, "memorypro_circuit_state") == 2);
    f.settings.api_key.clear();
    CHECK(metric(f, "memorypro_circuit_state") == 0);
}

TEST_CASE("status says when the cloud refuses the credentials") {
    api_fixture f(mode::cloud_first);
    f.cloud.next(cloud::answer{401});
    CHECK(f.keep("tea")->sync_state == memory::sync_state::queued);
    const auto status = f.get("/api/v1/status").body;
    CHECK(status.at("mode") == "cloud_first");
    CHECK(status.at("cloud").at("state") == "auth_failed");
    CHECK(metric(f, "memorypro_credentials_refused") == 1);
    CHECK(status.at("queue").at("pending") == 1);
}

TEST_CASE("status and metrics count the queue") {
    api_fixture f(mode::hybrid);
    f.keep("odd");
    f.refuse_all("422");
    for (const char* user : {"ada", "lena"}) {
        auto tea = memory::given("0123456789");
        tea.what.user_id = user;
        f.keep(tea);
    }
    f.clock.advance(seconds(90));
    REQUIRE(f.run(f.store().claim_outbox({.lanes = 1})).lanes.size() == 1);
    const auto status = f.get("/api/v1/status").body;
    CHECK(status.at("mode") == "hybrid");
    const auto& queue = status.at("queue").as_object();
    CHECK(queue.at("pending") == 1);
    CHECK(queue.at("in_flight") == 1);
    CHECK(queue.at("dead") == 1);
    CHECK(queue.at("oldest_age_seconds") == 90);
    CHECK(queue.at("bytes").to_number<int>() >= 20);
    CHECK(metric(f, "memorypro_outbox_pending") == 2);
    CHECK(metric(f, "memorypro_outbox_oldest_age_seconds") == 90);
    CHECK(metric(f, "memorypro_outbox_bytes") == queue.at("bytes").to_number<double>());
    CHECK(metric(f, "memorypro_outbox_max_bytes") == std::uint64_t{1} << 30);
    CHECK(metric(f, "memorypro_dead_letters") == 1);
    CHECK(metric(f, "memorypro_circuit_state") == 0);
}

TEST_CASE("capabilities are the truth for the mode and the settings") {
    const auto of = [](config::settings settings) {
        return api_fixture(std::move(settings)).get("/api/v1/capabilities").body;
    };
    const json::object nothing{{"semantic_search", false},  {"metadata_filtering", true},
                               {"memory_evolution", false}, {"lifecycle_management", false},
                               {"ai_analysis", false},      {"push_notifications", false},
                               {"cloud_storage", false}};
    CHECK(of(memory::in_mode(mode::local)) == nothing);
    auto all = nothing;
    for (const char* name : {"semantic_search", "memory_evolution", "lifecycle_management",
                             "ai_analysis", "cloud_storage"})
        all[name] = true;
    CHECK(of(memory::in_mode(mode::cloud_first)) == all);
    CHECK(of(memory::in_mode(mode::hybrid)) == all);
    auto settings = memory::in_mode(mode::hybrid);
    settings.evolution = false;
    settings.ai_analysis = false;
    all["memory_evolution"] = all["ai_analysis"] = false;
    CHECK(of(settings) == all);
}

TEST_CASE("readiness tells of the store, and of cloud and queue when it is asked to be verbose") {
    api_fixture f(mode::hybrid);
    const auto brief = f.get("/readyz");
    CHECK(brief.status == 200);
    CHECK(brief.body.at("checks") == json::object{{"store", "ok"}});
    CHECK(f.get("/readyz?verbose").body.at("checks") ==
          json::object{{"store", "ok"}, {"cloud", "ok"}, {"queue", "ok"}});
    CHECK(f.get("/readyz?verbose=1&other=x").body.at("checks").as_object().size() == 3);
    CHECK(f.get("/readyz?verbose=false").body.at("checks").as_object().size() == 1);
    CHECK(api_fixture().get("/readyz?verbose").body.at("checks").at("cloud") == "disabled");
}

TEST_CASE("a queue that does not move is visible, and no reason not to be ready") {
    api_fixture f(mode::hybrid);
    f.keep("tea");
    f.open_circuit();
    f.clock.advance(seconds(75));
    f.parts.started -= seconds(75);
    const auto ready = f.get("/readyz?verbose");
    CHECK(ready.status == 200);
    const auto& checks = ready.body.at("checks").as_object();
    CHECK(checks.at("cloud") == "offline");
    CHECK(std::string(checks.at("queue").as_string())
              .starts_with("stalled: 1 pending, oldest 75 s, last error: "));
    f.counted.last_sync_success.Set(static_cast<double>(f.clock.now().time_since_epoch().count()) /
                                    1e6);
    CHECK(f.get("/readyz?verbose").body.at("checks").at("queue") == "ok");
}

TEST_CASE("where nothing here may stand in for the cloud, it decides whether we are ready") {
    api_fixture f(memory::without_fallback(memory::in_mode(mode::cloud_first)));
    CHECK(f.get("/readyz").status == 200);
    f.open_circuit();
    const auto away = f.get("/readyz");
    CHECK(away.status == 503);
    CHECK(away.body.at("code") == "unavailable");
    f.settings.local_fallback = true;
    CHECK(f.get("/readyz").status == 200);
}

TEST_CASE("a store that does not answer is never ready") {
    api_fixture f;
    f.parts.store_answered -= store_silence_allowed + seconds(1);
    CHECK(f.get("/readyz").status == 503);
    CHECK(f.get("/readyz?verbose").status == 503);
}

}  // namespace
}  // namespace memorypro::api
