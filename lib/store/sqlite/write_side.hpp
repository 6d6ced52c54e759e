// What the writer's thread does: commits batches, and keeps the indexes up behind them.
//
// Used on that thread only, but for the two positions, which any thread may read.
#pragma once

#include <atomic>

#include "base/time.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/options.hpp"
#include "store/sqlite/worker.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

class write_side {
public:
    // Creates or upgrades the database.
    write_side(const std::string& path, const clock&, const options&);

    // For the worker: see worker::run_batch and worker::run_idle.
    void commit(batch&);
    bool work_when_idle(std::size_t jobs);

    // For jobs, within their savepoint:
    accepted insert(connection&, const new_memory&);
    void replace(connection&, const memory& before, const memory& after);
    void remove(connection&, const memory&);
    void index_some(connection&, std::size_t limit);

    std::int64_t committed_seq() const { return committed_seq_; }
    std::int64_t indexed_seq() const { return indexed_seq_; }

private:
    void finish_transaction(bool committed);
    void index_in_own_transaction(std::size_t limit);
    bool forget_some_keys();
    void sync_commits(bool);

    const clock& clock_;
    const bool survive_power_loss_;
    const std::int64_t most_unindexed_;
    connection db_;
    // As the current transaction has them; the atomics follow when it is committed.
    std::int64_t index_position_;
    std::int64_t last_seq_;
    bool syncing_ = false;
    std::size_t unindexed_bytes_ = 0;  // of texts, about; those from before the start are not known
    double usual_batch_ = 0;           // jobs, averaged over the last batches
    timestamp next_key_cleanup_;
    std::atomic<std::int64_t> committed_seq_;
    std::atomic<std::int64_t> indexed_seq_;
};

}  // namespace memorypro::store::sqlite
