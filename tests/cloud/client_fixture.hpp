// A client of a fake cloud, on a loop of its own.
#pragma once

#include <string>
#include <vector>

#include "cloud/client.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"
#include "support/run.hpp"

namespace memorypro::cloud {

using namespace std::chrono_literals;

inline const answer stored_answer{201, R"({"status":"success","memory_id":"mem_1"})"};
inline const no_answer unreachable{no_answer::reason::not_connected, "connection refused"};

inline config::settings cloud_settings() {
    config::settings made;
    made.api_url = "https://cloud.test";
    made.api_key = "key-1";
    made.api_secret = "secret-1";
    return made;
}

struct client_fixture {
    explicit client_fixture(config::settings s = cloud_settings()) : settings(std::move(s)) {}

    asio::io_context loop;
    test::fake_transport cloud{loop.get_executor()};
    test::fake_clock wall;
    events::hub events{loop.get_executor(), wall.now()};
    bell news{loop.get_executor()};
    config::settings settings;
    double jitter = 0;  // no wait takes time
    cloud::client client{loop.get_executor(),      cloud, events, news, wall, settings,
                         [this] { return jitter; }};
    std::uint64_t seen_event = events.last_id();

    template <class T>
    T run(awaitable<T> work) {
        return test::run_with_deadline(loop, std::move(work));
    }

    reply<written> store(patience stays = patience::retries) {
        return run(client.store("{}", "k1", stays));
    }

    // Lets what can run, run.
    void settle() {
        loop.restart();
        loop.poll();
    }

    std::size_t sent() const { return cloud.exchanges().size(); }

    void open_circuit() {
        for (int i = 0; i < circuit::failures_to_open; ++i) {
            cloud.next(unreachable);
            REQUIRE_FALSE(store(patience::once));
        }
        REQUIRE(client.health().circuit == circuit::state::open);
    }

    // Those since the last call, each as "name data".
    std::vector<std::string> new_events() {
        std::vector<std::string> all;
        for (const auto& one : events.since(seen_event, 100))
            all.push_back(std::string(one.name) + ' ' + one.data);
        seen_event = events.last_id();
        return all;
    }
};

}  // namespace memorypro::cloud
