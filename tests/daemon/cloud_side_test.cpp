#include "cloud_side.hpp"

#include "exit_code.hpp"
#include "store/fixture.hpp"
#include "support/scripted_server.hpp"

namespace memorypro::daemon {
namespace {

using namespace std::chrono_literals;

struct cloud_side_fixture : store::store_fixture {
    cloud_side_fixture() { settings.api_key = settings.api_secret = "set"; }

    std::unique_ptr<cloud_side> made() {
        return std::make_unique<cloud_side>(loop.get_executor(), *operator->(), events, counted,
                                            clock, settings);
    }

    void queue(std::string id) {
        auto memory = store::memory_of(std::move(id), "tea");
        REQUIRE(run(operator->()->accept_memory(std::move(memory), {}, store::outbound{})));
    }
    bool drained() {
        const auto queue = run(operator->()->count_outbox());
        return queue.pending + queue.in_flight == 0;
    }

    metrics counted;
    events::hub events{loop.get_executor(), clock.now()};
    config::settings settings;
};

awaitable<> never_answer(test::peer& client) {
    while (co_await client.read_request()) {
    }
}

awaitable<> take_from_new_key(test::peer& client) {
    while (const auto request = co_await client.read_request()) {
        const bool known = request->find("Bearer new") != std::string::npos;
        co_await client.send(known ? test::ok(R"({"memory_id":"mem_1"})")
                                   : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    }
}

TEST_CASE("a CA file that cannot be used is an error of the configuration") {
    cloud_side_fixture f;
    f.settings.ca_file = f.dir.file("missing.pem");
    try {
        f.made();
        FAIL("it was used");
    } catch (const cannot_call_cloud& failure) {
        CHECK(exit_code_of(failure) == exit_configuration);
    }
}

TEST_CASE("a cloud that hangs does not hold up the end; what was in flight is queued again") {
    cloud_side_fixture f;
    test::scripted_server silent(f.loop, never_answer);
    f.settings.api_url = "http://127.0.0.1:" + std::to_string(silent.port());
    f.queue("m1");
    const auto cloud = f.made();
    cloud->start();
    const auto asked = test::start(f.loop, cloud->client().recall("{}", 5));
    REQUIRE(test::run_until(f.loop, [&] { return silent.seen().requests.size() == 2; }));
    CHECK(f.run(f->count_outbox()).in_flight == 1);

    cloud->stop();
    f.run(cloud->stopped(10s));
    CHECK(test::finish(f.loop, asked).error().what == cloud::verdict::retry);
    CHECK(f.run(f->count_outbox()).pending == 1);
}

TEST_CASE("credentials that a reload brings are tried at once") {
    cloud_side_fixture f;
    test::scripted_server server(f.loop, take_from_new_key);
    f.settings.api_url = "http://127.0.0.1:" + std::to_string(server.port());
    f.queue("m1");
    const auto cloud = f.made();
    cloud->start();
    REQUIRE(test::run_until(
        f.loop, [&] { return cloud->client().health().state == cloud::state::auth_failed; }));
    const auto before = f.settings;
    f.settings.api_key = "new";
    cloud->reloaded(before);
    REQUIRE(test::run_until(f.loop, [&] { return f.drained(); }));
    cloud->stop();
    f.run(cloud->stopped(10s));
}

}  // namespace
}  // namespace memorypro::daemon
