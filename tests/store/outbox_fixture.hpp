// A store with an outbox, and a worker played by the test.
#pragma once

#include "store/fixture.hpp"

namespace memorypro::store {

using kind = settlement::kind;

inline new_memory memory_for(std::string user, std::string id, std::string content = "tea") {
    auto m = memory_of(std::move(id), std::move(content));
    m.what.user_id = std::move(user);
    return m;
}

inline settlement settle_as(const outbox_entry& entry, kind what) {
    settlement s{.id = entry.id, .revision = entry.revision, .what = what};
    if (what == kind::done) s.cloud_id = "cloud-" + entry.memory.id;
    if (what != kind::done) s.error = "the cloud said no";
    return s;
}

inline ids ids_of(const outbox_lane& lane) {
    ids found;
    for (const auto& entry : lane.entries)
        found.push_back(entry.memory.id);
    return found;
}

inline ids ids_of(const std::vector<outbox_item>& items) {
    ids found;
    for (const auto& item : items)
        found.push_back(item.memory_id);
    return found;
}

class outbox_fixture : public store_fixture {
public:
    using store_fixture::store_fixture;

    // Each later than the one before.
    accepted queue(new_memory given, outbound how = {}) {
        clock.advance(std::chrono::microseconds(1));
        const auto answer = run((*this)->accept_memory(std::move(given), {}, std::move(how)));
        REQUIRE(answer);
        return *answer;
    }
    accepted queue(std::string id) { return queue(memory_of(std::move(id), "tea")); }
    accepted upsert(new_memory given, std::optional<outbound> how) {
        const auto answer = run((*this)->upsert_memory(std::move(given), std::move(how)));
        REQUIRE(answer);
        return *answer;
    }

    claimed_outbox claim(claim_limits limits = {.lanes = 100}) {
        return run((*this)->claim_outbox(limits));
    }
    outbox_lane claim_one() {
        auto claimed = claim({.lanes = 1});
        REQUIRE(claimed.lanes.size() == 1);
        return std::move(claimed.lanes.front());
    }
    outbox_entry claim_entry() {
        auto lane = claim({.lanes = 1, .entries_a_lane = 1});
        REQUIRE(lane.lanes.size() == 1);
        scope = lane.lanes.front().scope;
        return std::move(lane.lanes.front().entries.front());
    }
    ids settle(std::int64_t lane, std::vector<settlement> given,
               after_sync policy = after_sync::keep_copy, bool release = true) {
        return run((*this)->settle_outbox(lane, std::move(given), policy, release)).memory_ids;
    }
    // Of the lane that claim_entry() took.
    ids settle(const settlement& given, after_sync policy = after_sync::keep_copy) {
        return settle(scope, {given}, policy);
    }
    // Sends what is claimable, one row a claim; the memories in the order of their sending.
    ids send_all(after_sync policy = after_sync::keep_copy) {
        ids sent;
        for (;;) {
            auto claimed = claim({.lanes = 1, .entries_a_lane = 1});
            if (claimed.lanes.empty()) return sent;
            const auto& entry = claimed.lanes[0].entries[0];
            sent.push_back(entry.memory.id);
            settle(claimed.lanes[0].scope, {settle_as(entry, kind::done)}, policy);
        }
    }
    void sync(new_memory given, after_sync policy = after_sync::keep_copy) {
        queue(std::move(given));
        REQUIRE(send_all(policy).size() == 1);
    }

    outbox_page items(std::optional<outbox_state> state = {}) {
        return run((*this)->list_outbox(state, {}, 10'000));
    }
    outbox_item item_of(const std::string& id) {
        for (const auto& item : items().items)
            if (item.memory_id == id) return item;
        FAIL("no item of " + id);
        return {};
    }
    outbox_totals totals() { return run((*this)->count_outbox()); }
    sync_state state_of(std::string id) {
        const auto found = run((*this)->find_memory(std::move(id)));
        REQUIRE(found);
        return found->sync_state;
    }
    known_memory known(std::string cloud_id) {
        return run((*this)->find_known({std::move(cloud_id)})).at(0);
    }
    std::int64_t count(sqlite::sql query) {
        return sqlite::connection(database(), sqlite::connection::access::read_write)
            .integer(query);
    }
    // What the writer counts is what is there.
    void check_totals() {
        const auto t = totals();
        CHECK(t.pending == count("SELECT count(*) FROM outbox WHERE state = 0"));
        CHECK(t.in_flight == count("SELECT count(*) FROM outbox WHERE state = 1"));
        CHECK(t.dead == count("SELECT count(*) FROM outbox WHERE state = 2"));
        CHECK(t.bytes == count("SELECT sum(length(CAST(content AS BLOB))"
                               " + coalesce(length(CAST(metadata AS BLOB)), 0)"
                               " + coalesce(length(CAST(tags AS BLOB)), 0)"
                               " + coalesce(length(CAST(extra AS BLOB)), 0))"
                               " FROM outbox JOIN memories ON seq = memory_seq WHERE state < 2"));
        const auto oldest = count(
            "SELECT coalesce((SELECT created_at FROM outbox WHERE state < 2 ORDER BY id), -1)");
        CHECK((t.oldest ? t.oldest->time_since_epoch().count() : -1) == oldest);
    }

    std::int64_t scope = 0;
};

}  // namespace memorypro::store
