// A store that gets deliveries and insights.
#pragma once

#include <filesystem>

#include "base/sha256.hpp"
#include "store/outbox_fixture.hpp"

namespace memorypro::store {

inline new_insight item_of(insight_kind what, std::string payload) {
    new_insight item;
    item.kind = what;
    item.digest = sha256(std::to_string(static_cast<int>(what)) + payload);
    item.payload_json = std::move(payload);
    return item;
}

inline new_insight advice(lifecycle_action what, ids memories) {
    std::string payload = std::to_string(static_cast<int>(what));
    for (const auto& id : memories)
        payload += ' ' + id;
    auto item = item_of(insight_kind::lifecycle_recommendation, std::move(payload));
    item.action = what;
    item.action_name = what == lifecycle_action::remove ? "delete" : "as it was called";
    item.memory_ids = std::move(memories);
    item.reason = "because";
    return item;
}

inline new_insight snapshot(std::string payload) {
    return item_of(insight_kind::memory_insights, std::move(payload));
}

inline new_insight learned(std::string text, ids memories = {}) {
    auto item = item_of(insight_kind::evolution_update, '"' + text + '"');
    item.text = std::move(text);
    item.memory_ids = std::move(memories);
    return item;
}

inline new_insight to_do(std::string title, priority p = priority::medium) {
    auto item = item_of(insight_kind::discovered_action, '"' + title + '"');
    item.title = std::move(title);
    item.priority = p;
    return item;
}

inline new_insight with_feature_off(new_insight item) {
    item.enabled = false;
    return item;
}

class insight_fixture : public outbox_fixture {
public:
    explicit insight_fixture(sqlite::options options = {})
        : outbox_fixture(options), how(std::move(options)) {}

    result<bool> try_accept(std::string id, std::string body = "{}") {
        return run((*this)->accept_delivery({std::move(id), std::move(body), clock.now()}));
    }
    bool accept(std::string id, std::string body = "{}") {
        return try_accept(std::move(id), std::move(body)).value();
    }
    ids waiting(std::size_t limit = 10'000) {
        ids found;
        for (const auto& one : run((*this)->waiting_deliveries(limit)))
            found.push_back(one.id);
        return found;
    }
    void finish(ids deliveries) { record({}, insight_source::push, std::move(deliveries)); }

    std::vector<recorded> record(std::vector<new_insight> items,
                                 insight_source source = insight_source::push, ids deliveries = {},
                                 unknown_ids unknown = unknown_ids::are_the_clouds) {
        auto done =
            run((*this)->record_insights(std::move(items), source, std::move(deliveries), unknown));
        REQUIRE(done);
        return std::move(*done);
    }
    recorded record_one(new_insight item, unknown_ids unknown = unknown_ids::are_the_clouds) {
        return record({std::move(item)}, insight_source::push, {}, unknown).at(0);
    }
    result<decision> apply(std::int64_t id, unknown_ids unknown = unknown_ids::are_the_clouds) {
        return run((*this)->apply_recommendation(id, unknown));
    }

    listing<insight> log(std::int64_t since = 0, std::size_t limit = 1000) {
        return run((*this)->list_insights(since, limit));
    }
    listing<recommendation> recommendations(std::optional<recommendation_status> status = {}) {
        return run((*this)->list_recommendations(status, {}, 1000));
    }

    // The next start finds the files as kill -9 leaves them: without what closing does.
    void kill() {
        const test::temp_dir aside;
        for (const char* suffix : {"", "-wal"})
            std::filesystem::copy(database() + suffix, aside.file("db") + suffix);
        close();
        for (const char* suffix : {"", "-wal"})
            std::filesystem::copy(aside.file("db") + suffix, database() + suffix,
                                  std::filesystem::copy_options::overwrite_existing);
        open(how);
    }

    sqlite::options how;
};

}  // namespace memorypro::store
