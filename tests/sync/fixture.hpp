// A worker between a SQLite store and a cloud that does as the test says.
#pragma once

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "store/fixture.hpp"
#include "support/fake_transport.hpp"
#include "sync/worker.hpp"

namespace memorypro::sync {

using store::ids;

inline config::settings cloud_settings() {
    config::settings s;
    s.api_url = "http://127.0.0.1";
    s.api_key = "key";
    s.api_secret = "secret";
    return s;
}

inline std::string content_of(const cloud::request& write) {
    return std::string(parse_object(write.body).value().at("content").as_string());
}

inline bool is_write(const cloud::request& r) {
    return r.method == "POST";
}

struct fixture : store::store_fixture {
    explicit fixture(double jitter = 0)
        : store_fixture({.survive_power_loss = false}),
          work(loop.get_executor(), *operator->(), client, events, counted, news, clock, settings,
               [jitter] { return jitter; }) {
        network.otherwise([this](const cloud::request& asked) { return respond(asked); });
    }
    ~fixture() { stop(); }

    void start() { running_ = test::start(loop, work.run()); }
    void stop() {
        if (!running_) return;
        client.stop();
        work.stop();
        test::finish(loop, std::exchange(running_, nullptr));
    }

    // A memory whose id is its content too; its scope is that of the user.
    void queue(const std::string& user, const std::string& id,
               store::cloud_call call = store::cloud_call::store) {
        auto memory = store::memory_of(id, id);
        memory.what.user_id = user;
        REQUIRE(run(operator->()->accept_memory(std::move(memory), {}, store::outbound{call})));
        news.ring();
    }

    template <class Condition>
    void until(Condition met) {
        REQUIRE(test::run_until(loop, met));
    }
    // Nothing is left to do without news, time or an answer of the cloud.
    void calm() {
        for (int i = 0; i < 5; ++i) {
            run(operator->()->ping());
            loop.restart();
            loop.poll();
        }
    }
    // The clock is the store's; what is due by it goes out.
    void pass(std::chrono::microseconds time) {
        clock.advance(time);
        news.ring();
    }

    // What the cloud was asked to write, in its order.
    std::vector<cloud::request> write_requests() const {
        std::vector<cloud::request> found;
        for (const auto& one : network.exchanges())
            if (is_write(one.request)) found.push_back(one.request);
        return found;
    }
    ids writes() const {
        ids found;
        for (const auto& one : write_requests())
            found.push_back(content_of(one));
        return found;
    }
    // Scopes go side by side: their order is nobody's promise.
    ids sorted_writes() const {
        auto found = writes();
        std::sort(found.begin(), found.end());
        return found;
    }
    std::string key(std::size_t write) const {
        return test::header(write_requests().at(write), "Idempotency-Key");
    }
    std::size_t questions() const { return network.exchanges().size() - writes().size(); }
    std::size_t hanging() const { return network.hanging(); }

    store::outbox_totals totals() { return run(operator->()->count_outbox()); }
    bool drained() {
        const auto queue = totals();
        return queue.pending + queue.in_flight == 0;
    }
    store::outbox_item only_item() {
        const auto page = run(operator->()->list_outbox({}, {}, 10));
        REQUIRE(page.items.size() == 1);
        return page.items[0];
    }

    // What was announced since the last call.
    ids announced() {
        ids found;
        for (const auto& e : events.since(seen_, 1000))
            found.push_back(std::string(e.name) + e.data);
        seen_ = events.last_id();
        return found;
    }

    config::settings settings = cloud_settings();
    bell news{loop.get_executor()};
    events::hub events{loop.get_executor(), clock.now()};
    metrics counted;
    test::fake_transport network{loop.get_executor()};
    cloud::client client{loop.get_executor(), network, events, news, clock, settings,
                         [] { return 0.0; }};

    bool holds = false;                            // its answers, until they are released
    std::map<std::string, cloud::answer> answers;  // by content; all others are stored
    std::optional<cloud::outcome> whatever;        // to everything

    worker work;

private:
    test::fake_transport::step respond(const cloud::request& asked) {
        if (whatever) return {*whatever, holds};
        if (!is_write(asked)) return {cloud::answer{200, "{}"}};
        const auto content = content_of(asked);
        const auto known = answers.find(content);
        if (known != answers.end()) return {known->second, holds};
        return {cloud::answer{201, R"({"memory_id":"cloud-)" + content + "\"}"}, holds};
    }

    std::shared_ptr<test::outcome<void>> running_;
    std::uint64_t seen_ = events.last_id();
};

}  // namespace memorypro::sync
