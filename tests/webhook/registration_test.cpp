#include "webhook/registration.hpp"

#include <functional>

#include "cloud/client_fixture.hpp"

namespace memorypro::webhook {
namespace {

config::settings complete() {
    auto made = cloud::cloud_settings();
    made.webhook_url = "https://agents.example/hook";
    made.webhook_secret = "s1";
    return made;
}

struct registration_fixture : cloud::client_fixture {
    webhook::registration registration{loop.get_executor(), client, settings, [] { return 0.001; }};
    std::shared_ptr<test::outcome<void>> running;

    explicit registration_fixture(const config::settings& given = complete()) { settings = given; }
    ~registration_fixture() {
        if (!running) return;
        client.stop();
        registration.stop();
        test::run_until(loop, [this] { return running->done(); });
    }

    void start() {
        registration.receives();
        run_registration();
    }
    void run_registration() { running = test::start(loop, registration.run()); }

    bool calls(std::size_t count) {
        return test::run_until(loop, [&] { return sent() == count; }) &&
               (settle(), sent() == count);
    }

    void reload(const std::function<void(config::settings&)>& change) {
        change(settings);
        registration.reloaded();
    }
};

TEST_CASE("the cloud is told the URL, the secret and the events") {
    registration_fixture f;
    f.cloud.next({201});
    f.start();
    CHECK_FALSE(f.registration.registered());
    REQUIRE(f.calls(1));
    CHECK(f.cloud.request(0).target == "/api/v1/webhooks/register");
    CHECK(f.cloud.request(0).body ==
          R"({"webhook_url":"https://agents.example/hook","webhook_secret":"s1",)"
          R"("events":["memory_insights","lifecycle_recommendations","evolution_updates"]})");
    CHECK(f.registration.registered());
}

TEST_CASE("it is tried until the cloud takes it, whatever it says") {
    registration_fixture f;
    f.cloud.next({503});
    f.cloud.next({401});
    f.cloud.next(cloud::unreachable);
    f.cloud.next({422});
    f.cloud.otherwise(cloud::answer{200, "{}"});
    f.start();
    CHECK(test::run_until(f.loop, [&f] {
        f.client.try_now();  // credentials that are refused would be tried once a minute
        return f.registration.registered();
    }));
    CHECK(f.sent() == 5);
}

TEST_CASE("nobody is told while something is missing") {
    using change = std::function<void(config::settings&)>;
    for (const change& take_away : {change([](auto& s) { s.webhook_url.clear(); }),
                                    change([](auto& s) { s.webhook_secret.clear(); }),
                                    change([](auto& s) { s.enable_push = false; }),
                                    change([](auto& s) { s.api_key.clear(); }),
                                    change([](auto& s) { s.api_secret.clear(); })}) {
        auto settings = complete();
        take_away(settings);
        CHECK_FALSE(wanted_registration(settings));
        registration_fixture f(settings);
        f.start();
        CHECK(f.calls(0));
        CHECK_FALSE(f.registration.registered());
        f.cloud.next({200, "{}"});
        f.reload([](auto& s) { s = complete(); });
        CHECK(f.calls(1));
        CHECK(f.registration.registered());
    }
}

TEST_CASE("nobody is told before the receiver listens, a reload changes nothing about that") {
    registration_fixture f;
    f.run_registration();
    CHECK(f.calls(0));
    f.reload([](auto& s) { s.webhook_secret = "s2"; });
    CHECK(f.calls(0));
    f.cloud.next({200, "{}"});
    f.registration.receives();
    CHECK(f.calls(1));
    CHECK(f.registration.registered());
}

TEST_CASE("an exception is a failure like others: it is tried again") {
    registration_fixture f;
    int asked = 0;
    f.cloud.otherwise([&asked](const cloud::request&) -> test::fake_transport::step {
        if (++asked <= 2) throw std::runtime_error("out of memory");
        return {cloud::answer{200, "{}"}};
    });
    f.start();
    CHECK(f.calls(3));
    CHECK(f.registration.registered());
}

TEST_CASE("a reload tells the cloud again, with what has changed") {
    registration_fixture f;
    f.cloud.otherwise(cloud::answer{200, "{}"});
    f.start();
    REQUIRE(f.calls(1));
    f.reload([](auto&) {});
    REQUIRE(f.calls(2));
    f.reload([](auto& s) { s.webhook_secret = "s2"; });
    CHECK_FALSE(f.registration.registered());
    REQUIRE(f.calls(3));
    CHECK(f.cloud.request(2).body.find(R"("webhook_secret":"s2")") != std::string::npos);
    CHECK(f.registration.registered());
    f.reload([](auto& s) { s.webhook_url.clear(); });
    CHECK_FALSE(f.registration.registered());
    CHECK(f.calls(3));
}

TEST_CASE("what was registered stays so while it is told again and the cloud is away") {
    registration_fixture f;
    f.cloud.next({200, "{}"});
    f.start();
    REQUIRE(f.calls(1));
    f.cloud.next_hangs();
    f.reload([](auto&) {});
    REQUIRE(f.calls(2));
    CHECK(f.registration.registered());
}

TEST_CASE("a change during a call is told after it") {
    registration_fixture f;
    f.cloud.next_hangs();
    f.start();
    REQUIRE(f.calls(1));
    f.reload([](auto& s) { s.webhook_secret = "s2"; });
    f.cloud.next({200, "{}"});
    f.cloud.release();
    REQUIRE(f.calls(2));
    CHECK(f.cloud.request(1).body.find(R"("webhook_secret":"s2")") != std::string::npos);
    CHECK(f.registration.registered());
}

}  // namespace
}  // namespace memorypro::webhook
