// Whatever is done in whatever order, the outbox, the lanes, the memories and what is counted of
// them agree, no memory is lost, and no two requests have one key.
#include <array>
#include <map>
#include <random>
#include <set>

#include "store/outbox_fixture.hpp"

namespace memorypro::store {
namespace {

class chaos : public outbox_fixture {
public:
    explicit chaos(unsigned seed) : outbox_fixture(how()), dice_(seed) {}

    void step() {
        clock.advance(std::chrono::milliseconds(roll(2000)));
        before_ = memories_here();
        may_go_.clear();
        may_change_.clear();
        act();
        const auto after = memories_here();
        ids lost;
        for (const auto& [id, was] : before_) {
            const auto now = after.find(id);
            if (now == after.end()
                    ? !may_go_.contains(id)
                    : now->second.content != was.content && !may_change_.contains(id))
                lost.push_back(id);
        }
        CHECK(lost == ids{});
    }

    void act() {
        switch (roll(17)) {
            case 0:
            case 1:
            case 2:
                try {
                    run((*this)->accept_memory(fresh(), {}, outbound_or_none()));
                } catch (const sqlite::sqlite_error&) {  // an upsert took the id
                }
                break;
            case 3: {
                const auto m = some_memory();
                may_change_.insert(m.id);
                run((*this)->upsert_memory(m, outbound_or_none()));
                break;
            }
            case 4: {
                std::vector<new_memory> many{fresh(), some_memory(), fresh()};
                auto how = outbound_or_none();
                if (how) how->idempotency_key.clear();  // it is of one memory
                run((*this)->import_memories(many, how));
                break;
            }
            case 5: {
                const auto id = some_id();
                may_change_.insert(id);
                run((*this)->amend_memory(id, {.content = text(), .archived = coin()}));
                break;
            }
            case 6: {
                const auto id = some_id();
                may_go_.insert(id);
                remove(id, coin() ? unknown_ids::are_errors : unknown_ids::are_the_clouds);
                break;
            }
            case 7:
            case 8:
            case 9: {
                auto taken = claim({.lanes = roll(3), .entries_a_lane = 1 + roll(4)});
                for (auto& lane : taken.lanes) {
                    for (const auto& entry : lane.entries)
                        note_request(entry);
                    claimed_.push_back(std::move(lane));
                }
                break;
            }
            case 10:
            case 11:
            case 12:
                settle_some();
                break;
            case 13: {
                const auto all = items().items;
                if (all.empty()) break;
                const auto id = all[roll(all.size())].id;
                if (coin())
                    run((*this)->retry_outbox(id));
                else
                    run((*this)->remove_outbox(id));
                break;
            }
            case 14:
                if (coin())
                    run((*this)->hasten_outbox());
                else
                    run((*this)->queue_locals(cloud_call::sync, roll(5)));
                break;
            case 15:
                if (coin()) {
                    may_change_ = copies_before();
                    run((*this)->keep_copy(some_memory(), "cloud-" + some_id()));
                } else if (coin()) {
                    may_go_ = copies_before();
                    run((*this)->record_synced(some_id(), "cloud-" + some_id(), {}));
                } else {
                    may_go_ = copies_before();
                    run((*this)->trim_copies(roll(200)));
                }
                break;
            case 16:
                // A job that fails after it has changed what is counted.
                run((*this)->import_memories(
                    {fresh(), memory_of("too large", std::string(most_bytes, 'x'))}, outbound{}));
                if (roll(10) == 0) open(how());
                break;
        }
    }

    void check() {
        check_totals();
        CHECK(count("SELECT count(*) FROM outbox LEFT JOIN memories ON seq = memory_seq"
                    " WHERE seq IS NULL") == 0);
        CHECK(count("SELECT count(*) - count(DISTINCT memory_seq) FROM outbox") == 0);
        // The memory's state is the row's.
        CHECK(count("SELECT count(*) FROM memories LEFT JOIN outbox ON seq = memory_seq WHERE"
                    " sync_state <> CASE WHEN state < 2 THEN 2 WHEN state = 2 THEN 3"
                    " WHEN state > 2 THEN 0 WHEN sync_state IN (0, 1) THEN sync_state END"
                    " OR (sync_state > 1 AND state IS NULL)") == 0);
        // The lanes hold exactly the rows that are sorted, and neither dead nor set aside.
        CHECK(count("SELECT count(*) FROM (SELECT scope, id FROM outbox, outbox_state WHERE"
                    " state NOT IN (2, 4) AND id <= sorted_id EXCEPT SELECT scope, id FROM "
                    "outbox_lanes)") == 0);
        CHECK(count("SELECT count(*) FROM (SELECT scope, id FROM outbox_lanes EXCEPT"
                    " SELECT scope, id FROM outbox, outbox_state WHERE state NOT IN (2, 4)"
                    " AND id <= sorted_id)") == 0);
        CHECK(count("SELECT count(*) FROM (SELECT DISTINCT scope FROM outbox_lanes EXCEPT"
                    " SELECT scope FROM outbox_scopes)") == 0);
        // What is in flight is in a claimed lane.
        CHECK(count("SELECT count(*) FROM outbox AS o LEFT JOIN outbox_scopes AS s"
                    " ON s.scope = o.scope AND o.id <= s.claimed_until"
                    " WHERE state IN (1, 3) AND s.scope IS NULL") == 0);
        CHECK(run((*this)->queue_locals(cloud_call::sync, 0))->remaining ==
              count("SELECT count(*) FROM memories WHERE sync_state = 0"));
        CHECK(count("SELECT count(*) FROM copies LEFT JOIN memories USING (seq)"
                    " WHERE sync_state IS NOT 1 OR archived") == 0);
        const auto copies = count("SELECT sum(bytes) FROM copies");
        CHECK_FALSE(run((*this)->trim_copies(std::uint64_t(copies))));
        CHECK(count("SELECT sum(bytes) FROM copies") == copies);
        CHECK(count("SELECT count(*) FROM copies JOIN memories USING (seq) WHERE bytes <>"
                    " length(content)") == 0);
        CHECK(count("SELECT count(*) FROM memories LEFT JOIN cloud_ids ON local_id = id"
                    " WHERE sync_state = 1 AND number IS NULL") == 0);
    }

    // Everything is given back and sent: each waiting memory, and those only.
    void drain() {
        for (const auto& lane : claimed_)
            settle(lane.scope, {});
        run((*this)->hasten_outbox());
        const auto waiting = totals().pending;
        CHECK(std::int64_t(send_all().size()) == waiting);
        CHECK(totals().pending == 0);
        CHECK(count("SELECT count(*) FROM outbox_lanes") == 0);
        CHECK(count("SELECT count(*) FROM outbox_scopes") == 0);
        CHECK(count("SELECT count(*) FROM outbox WHERE state NOT IN (2, 4)") == 0);
    }

private:
    struct seen {
        std::string content;
        int revision = 0;
        bool is_copy = false;
    };

    static constexpr std::int64_t most_bytes = 500;

    std::map<std::string, seen> memories_here() {
        sqlite::connection db(database(), sqlite::connection::access::read_write);
        auto query = db.prepare(
            "SELECT id, content, revision, seq IN (SELECT seq FROM copies) FROM memories");
        std::map<std::string, seen> found;
        while (query.step())
            found[query.text(0)] = {.content = query.text(1),
                                    .revision = static_cast<int>(query.integer(2)),
                                    .is_copy = query.integer(3) != 0};
        return found;
    }
    std::set<std::string> copies_before() const {
        std::set<std::string> found;
        for (const auto& [id, was] : before_)
            if (was.is_copy) found.insert(id);
        return found;
    }
    void note_request(const outbox_entry& entry) {
        const auto& m = entry.memory;
        const ids request{m.id, m.what.content, m.what.user_id.value_or(""),
                          entry.call == cloud_call::store ? "store" : "sync"};
        const auto [first, fresh] = requests_.try_emplace(entry.idempotency_key, request);
        CAPTURE(entry.idempotency_key);
        CHECK(first->second == request);
    }

    static sqlite::options how() {
        return {.survive_power_loss = false, .most_queue_bytes = most_bytes};
    }

    std::size_t roll(std::size_t sides) { return dice_() % sides; }
    bool coin() { return roll(2) == 0; }
    std::string text() { return std::string(1 + roll(20), 'a'); }
    // Such that one could be taken for another's revision, or for another that was trimmed.
    static std::string id_of(std::size_t number) {
        static constexpr std::array<const char*, 5> endings{"", ":1", " ", "\nb", ":01"};
        return "m" + std::to_string(number / endings.size()) + endings[number % endings.size()];
    }
    std::string some_id() { return id_of(roll(next_ + 2)); }
    new_memory fresh() { return scoped(id_of(next_++)); }
    new_memory some_memory() { return scoped(some_id()); }
    new_memory scoped(std::string id) {
        return memory_for(std::to_string(roll(4)), std::move(id), text());
    }
    std::optional<outbound> outbound_or_none() {
        if (roll(4) == 0) return std::nullopt;
        return outbound{.call = coin() ? cloud_call::store : cloud_call::sync,
                        .idempotency_key = roll(5) == 0 ? "key" + std::to_string(dice_()) : ""};
    }
    void settle_some() {
        if (claimed_.empty()) return;
        const auto which = std::ptrdiff_t(roll(claimed_.size()));
        const auto lane = claimed_[std::size_t(which)];
        std::vector<settlement> given;
        for (const auto& entry : lane.entries) {
            auto s = settle_as(entry, kind(roll(3)));
            if (s.what == kind::retry)
                s.next_attempt_at = clock.now() + std::chrono::seconds(roll(9));
            if (s.what == kind::done && roll(4) == 0) s.cloud_id = "cloud-" + some_id();
            if (s.what == kind::done && roll(4) == 0) s.cloud_id.reset();
            if (roll(4) != 0) given.push_back(s);
        }
        const bool release = roll(3) != 0;
        const auto policy = after_sync(roll(3));
        for (const auto& s : given)
            for (const auto& entry : lane.entries)
                if (entry.id == s.id) expect(entry, s.what, policy);
        settle(lane.scope, given, policy, release);
        if (release || coin()) claimed_.erase(claimed_.begin() + which);  // or it settles again
    }

    void expect(const outbox_entry& entry, kind what, after_sync policy) {
        const auto here = before_.find(entry.memory.id);
        const bool present = here != before_.end() && here->second.revision == entry.revision;
        if (what == kind::done && policy == after_sync::drop_copy && present)
            may_go_.insert(entry.memory.id);
        // The cloud has nothing under the key: it may be used for what is stored anew.
        if (what == kind::refused) requests_.erase(entry.idempotency_key);
    }

    std::mt19937 dice_;
    std::size_t next_ = 0;
    std::map<std::string, seen> before_;
    std::set<std::string> may_go_;
    std::set<std::string> may_change_;
    std::map<std::string, ids> requests_;  // by their keys
    std::vector<outbox_lane> claimed_;
};

TEST_CASE("the outbox agrees with itself after anything in any order") {
    const auto seed = GENERATE(1u, 2u, 3u, 4u, 5u, 6u);
    CAPTURE(seed);
    chaos s(seed);
    for (int i = 0; i < 400; ++i) {
        CAPTURE(i);
        s.step();
        if (i % 5 == 0) s.check();
    }
    s.open();
    s.check();
    s.drain();
    s.check();
    CHECK(s.soundness() == "ok");
}

}  // namespace
}  // namespace memorypro::store
