// The memory service over a real store and a fake cloud, in the mode that the test asks for.
#pragma once

#include "memory/service.hpp"
#include "store/fixture.hpp"
#include "support/fake_transport.hpp"

namespace memorypro::memory {

using store::ids;
using store::sync_state;

inline config::settings in_mode(config::mode mode) {
    config::settings settings;
    settings.max_retries = 0;
    if (mode == config::mode::local) return settings;
    settings.api_key = "key";
    settings.api_secret = "secret";
    settings.cloud_first = mode == config::mode::cloud_first;
    return settings;
}

inline config::settings without_fallback(config::settings settings) {
    settings.local_fallback = false;
    return settings;
}

inline double middle() {
    return 0.5;
}

inline given_memory given(std::string content) {
    return {.what = {.content = std::move(content)}};
}

inline given_memory named(std::string id, std::string content) {
    return {.what = {.content = std::move(content)}, .id = std::move(id)};
}

inline ids ids_of(const std::vector<recalled>& hits) {
    ids found;
    for (const auto& hit : hits)
        found.push_back(hit.memory.id);
    return found;
}

class service_fixture : public store::store_fixture {
public:
    explicit service_fixture(config::settings s = in_mode(config::mode::local))
        : settings(std::move(s)) {}
    explicit service_fixture(config::mode mode) : service_fixture(in_mode(mode)) {}
    // What a test has left in flight ends before what it uses.
    ~service_fixture() {
        client.stop();
        loop.restart();
        loop.run_for(test::deadline);
    }

    config::settings settings;
    events::hub events{loop.get_executor(), clock.now()};
    metrics counted;
    bell news{loop.get_executor()};
    test::fake_transport cloud{loop.get_executor()};
    cloud::client client{loop.get_executor(), cloud, events, news, clock, settings, middle};
    service memories { *operator->(), client, events, counted, news, clock, settings };

    result<store::accepted> keep(given_memory what, std::optional<store::idempotency> key = {}) {
        return run(memories.store(std::move(what), std::move(key)));
    }
    result<store::accepted> keep(std::string content, std::optional<store::idempotency> key = {}) {
        return keep(given(std::move(content)), std::move(key));
    }
    result<store::accepted> sync(std::string id, std::string content) {
        return run(memories.sync(named(std::move(id), std::move(content))));
    }
    recall_answer recall(recall_request wanted) {
        return run(memories.recall(std::move(wanted))).value();
    }

    // The answer of a call that hangs until its deadline, which takes no time here.
    cloud::no_answer hung() {
        return {cloud::no_answer::reason::deadline, "no answer in time", true};
    }
    void open_circuit() {
        cloud.next(hung());
        run(client.store("{}", "", cloud::patience::once));
        REQUIRE(client.health().circuit == cloud::circuit::state::open);
    }

    std::vector<store::outbox_item> queue() {
        return run(operator->()->list_outbox({}, {}, 1000)).items;
    }
    // All that is due, as a worker gets it.
    std::vector<store::outbox_entry> claimed() {
        std::vector<store::outbox_entry> entries;
        for (auto& lane : run(operator->()->claim_outbox({.lanes = 100})).lanes) {
            for (auto& entry : lane.entries)
                entries.push_back(std::move(entry));
        }
        return entries;
    }
    // What a worker does when the cloud has taken everything.
    void drain(store::after_sync then, std::string cloud_id) {
        for (const auto& lane : run(operator->()->claim_outbox({.lanes = 100})).lanes) {
            std::vector<store::settlement> done;
            for (const auto& entry : lane.entries)
                done.push_back({.id = entry.id, .revision = entry.revision, .cloud_id = cloud_id});
            run(operator->()->settle_outbox(lane.scope, std::move(done), then, true));
        }
    }

    json::object sent(std::size_t i) { return *parse_object(cloud.request(i).body); }
    std::string key_sent(std::size_t i) {
        return test::header(cloud.request(i), "Idempotency-Key");
    }

    // What was announced of memories since the last call.
    std::vector<std::string> announced() {
        std::vector<std::string> found;
        for (const auto& e : events.since(seen_, 1000))
            if (e.name.starts_with("memory.")) found.push_back(std::string(e.name) + e.data);
        seen_ = events.last_id();
        return found;
    }

private:
    std::uint64_t seen_ = events.last_id();
};

}  // namespace memorypro::memory
