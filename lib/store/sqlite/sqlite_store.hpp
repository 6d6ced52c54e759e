// The embedded store: one SQLite database, one thread that writes and one that reads.
#pragma once

#include <atomic>
#include <string>

#include "base/time.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/data_directory.hpp"
#include "store/sqlite/worker.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

struct options {
    std::string directory;
    bool survive_power_loss = true;  // sync to the disk at each commit
    // How far the indexes may stay behind the commits before stores are slowed to its pace.
    std::int64_t most_unindexed = 100'000;
    std::int64_t most_pages = 0;  // bound of the database file; 0: none
};

class sqlite_store final : public store {
public:
    // Creates or upgrades the database. Throws unusable_database, directory_in_use, sqlite_error.
    sqlite_store(executor loop, const clock&, options);

    awaitable<result<accepted>> accept_memory(new_memory, std::optional<idempotency>) override;
    awaitable<result<accepted>> upsert_memory(new_memory) override;
    awaitable<result<std::vector<imported>>> import_memories(std::vector<new_memory>) override;
    awaitable<result<memory>> find_memory(std::string id) override;
    awaitable<result<memory>> amend_memory(std::string id, memory_patch) override;
    awaitable<result<memory>> remove_memory(std::string id) override;
    awaitable<page> list_memories(memory_filter, std::optional<std::int64_t> before,
                                  std::size_t limit) override;
    awaitable<std::vector<memory>> memories_after(std::int64_t seq, std::size_t limit) override;
    awaitable<std::vector<hit>> find_matches(search) override;
    awaitable<totals> count_memories() override;
    awaitable<> ping() override;

private:
    // On the writer's thread:
    void commit_batch(batch&);
    void finish_transaction(bool committed);
    bool index_when_idle(std::size_t jobs);
    void index_in_own_transaction(std::size_t limit);
    void index_chunk(connection&, std::size_t limit);
    bool forget_some_keys();
    void sync_commits(bool);
    accepted insert(connection&, const new_memory&);
    void replace(connection&, const memory& before, const memory& after);
    // On the reader's thread:
    void run_jobs(batch&);

    awaitable<> catch_up_index();

    data_directory directory_;
    const clock& clock_;
    options options_;
    connection writer_db_;
    connection reader_db_;
    // The writer's thread's own; the atomics tell the loop what of it is committed.
    std::int64_t index_position_;
    std::int64_t last_seq_;
    bool syncing_ = false;
    double usual_batch_ = 0;  // jobs, averaged over the last batches
    timestamp next_key_cleanup_;
    std::atomic<std::int64_t> committed_seq_;
    std::atomic<std::int64_t> indexed_seq_;
    worker writer_;
    worker reader_;
};

}  // namespace memorypro::store::sqlite
