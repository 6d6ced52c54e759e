// What the writer's thread does: commits batches, and keeps the indexes up behind them.
//
// Used on that thread only, but for the positions, unsynced_memories() and has_strays(), which any
// thread may ask for.
#pragma once

#include <algorithm>
#include <atomic>

#include "base/time.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/inbox.hpp"
#include "store/sqlite/options.hpp"
#include "store/sqlite/tally.hpp"
#include "store/sqlite/worker.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

// Whether there are memories that the cloud does not have, or not as they are here.
enum class unsynced { unknown, some, none };

class write_side {
public:
    // Creates or upgrades the database.
    write_side(const std::string& path, const clock&, const options&);

    // For the worker: see worker::run_batch and worker::run_idle.
    void commit(batch&);
    bool work_when_idle(std::size_t jobs);

    // Around a job's work: when it throws, what is known in memory goes back with the savepoint.
    template <class Work>
    auto keep_counts_true(connection& db, Work& work) {
        const tally before = tally_;
        const auto deliveries_before = inbox_.mark();
        const auto removed_before = removed_.size();
        try {
            return work(db);
        } catch (...) {
            tally_ = before;
            inbox_.undo(deliveries_before);
            removed_.erase(removed_.begin() + static_cast<std::ptrdiff_t>(removed_before),
                           removed_.end());
            throw;
        }
    }

    // Between jobs; not synced to the disk by itself.
    template <class Work>
    void in_own_transaction(Work work) {
        begin_own_transaction();
        try {
            work(db_);
            end_own_transaction();
        } catch (...) {
            undo_own_transaction();
            throw;
        }
    }

    // For jobs, within their savepoint. A memory's index entries, and what is counted of it, change
    // with it; its outbox row does not.
    memory insert(connection&, new_memory, sync_state, int revision = 0);
    void replace(connection&, const memory& before, const memory& after);
    void set_sync_state(connection&, const memory&, sync_state);
    void remove(connection&, const memory&);
    // Nothing when it is not at `seen` any more: of the jobs that wait together one is enough.
    void index_after(connection&, std::int64_t seen, std::size_t limit);
    void start_index_again(connection&);

    std::int64_t next_id() { return ++last_seq_; }
    std::int64_t last_seq() const { return last_seq_; }
    timestamp now() const { return clock_.now(); }
    tally& counts() { return tally_; }
    inbox& deliveries() { return inbox_; }
    const insight_bounds& most_insights() const { return most_insights_; }

    bool has_queue_space(std::int64_t more_bytes) const;
    // Throws `failed`, so that the job takes back what it has done.
    void require_queue_space(std::int64_t more_bytes) const;

    std::int64_t count_locals(connection&);

    std::int64_t committed_seq() const { return committed_seq_; }
    std::int64_t indexed_seq() const { return indexed_seq_; }
    // What an index that has come so far lacks is no more than a burst of stores.
    std::int64_t burst_began() const {
        return std::max<std::int64_t>(rebuilding_until_, committed_seq_ - most_unindexed_);
    }
    void bound_queue(std::int64_t most_bytes) { most_queue_bytes_ = most_bytes; }
    unsynced unsynced_memories() const { return unsynced_; }
    bool has_strays() const { return has_strays_; }

private:
    void note_sync_state(std::int64_t seq, std::optional<sync_state> before,
                         std::optional<sync_state> after);
    void publish();
    void begin_own_transaction();
    void end_own_transaction();
    void undo_own_transaction();
    void finish_transaction(bool committed);
    void leave_cloud(connection&, std::int64_t seq);  // it is not, or not only, what is there
    void unindex_removed();
    void index_some(connection&, std::size_t limit);
    void index_in_own_transaction(std::size_t limit);
    bool index_if_possible(std::size_t jobs);
    bool index_when_idle(std::size_t jobs);
    bool index_digests_when_idle(std::size_t jobs);
    bool tidying_is_due() const;
    bool tidy_if_possible();
    bool tidy_when_idle();
    bool forget_some_keys();
    void sync_commits(bool);

    const clock& clock_;
    const bool survive_power_loss_;
    const std::int64_t most_unindexed_;
    std::atomic<std::int64_t> most_queue_bytes_;
    const insight_bounds most_insights_;
    connection db_;
    // As the current transaction has them; the atomics follow when it is committed.
    std::int64_t index_position_;
    tally tally_;
    inbox inbox_;
    std::vector<memory> removed_ = {};  // whose index entries are to go
    std::int64_t last_seq_;
    tally committed_tally_;
    bool syncing_ = false;
    std::size_t unindexed_bytes_ = 0;  // of texts, about; those from before the start are not known
    std::chrono::steady_clock::time_point next_chunk_;
    std::chrono::steady_clock::time_point index_rests_until_;
    std::chrono::steady_clock::time_point tidying_rests_until_;
    timestamp next_key_cleanup_;
    std::atomic<std::int64_t> committed_seq_;
    std::atomic<std::int64_t> indexed_seq_;
    // The last that was stored when the index was emptied, or at the start, when nobody knows why
    // it is behind.
    std::atomic<std::int64_t> rebuilding_until_;
    std::atomic<unsynced> unsynced_ = unsynced::unknown;
    std::atomic<bool> has_strays_;
};

}  // namespace memorypro::store::sqlite
