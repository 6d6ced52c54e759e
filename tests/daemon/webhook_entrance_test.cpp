#include "webhook_entrance.hpp"

#include <boost/asio/ip/tcp.hpp>

#include "cannot_listen.hpp"
#include "cloud/client_fixture.hpp"
#include "insights/fake_inbox.hpp"

namespace memorypro::daemon {
namespace {

struct entrance_fixture : cloud::client_fixture {
    store::fake_inbox inbox;
    memorypro::metrics counted;
    insights::processor processor{loop.get_executor(), inbox, events, settings};
    webhook::receiver receiver{inbox, processor, counted, wall, settings};
    webhook::registration registration{loop.get_executor(), client, settings, [] { return 0.001; }};
    webhook_entrance entrance{
        loop.get_executor(), receiver, registration, settings, webhook::receiver_limits(),
        [] { return 0.001; }};
    std::shared_ptr<test::outcome<void>> listening, registering;

    entrance_fixture() {
        settings.webhook_url = "https://agents.example/hook";
        settings.webhook_listen = "127.0.0.1:0";
        cloud.otherwise(cloud::answer{200, "{}"});
    }
    ~entrance_fixture() {
        client.stop();
        registration.stop();
        entrance.stop();
        test::run_until(loop, [this] { return registering->done() && listening->done(); });
        loop.restart();
        loop.poll();
    }

    void start() {
        entrance.listen();
        registering = test::start(loop, registration.run());
        listening = test::start(loop, entrance.run());
        settle();
    }
    void bring_secret() {
        settings.webhook_secret = "s1";
        entrance.reloaded();
        registration.reloaded();
    }
};

TEST_CASE("a secret that comes with a reload opens the receiver, then the cloud is told") {
    entrance_fixture f;
    f.start();
    CHECK_FALSE(f.receiver.listening());
    f.bring_secret();
    REQUIRE(test::run_until(f.loop, [&f] { return f.registration.registered(); }));
    CHECK(f.receiver.listening());
    CHECK(f.sent() == 1);
}

TEST_CASE(
    "while the port is taken the cloud is told nothing, and the receiver opens once it is free") {
    entrance_fixture f;
    std::optional<http::listener> other = http::listen_tcp("127.0.0.1:0").value();
    f.settings.webhook_listen = http::address_of(*other);
    f.start();
    f.bring_secret();
    int turns = 0;  // each an attempt, or what leads to one
    REQUIRE(test::run_until(f.loop, [&turns] { return ++turns > 20; }));
    CHECK_FALSE(f.receiver.listening());
    CHECK(f.sent() == 0);
    other.reset();
    REQUIRE(test::run_until(f.loop, [&f] { return f.registration.registered(); }));
    CHECK(f.receiver.listening());
}

}  // namespace
}  // namespace memorypro::daemon
