// The embedded store: one SQLite database, one thread that writes and one that reads.
#pragma once

#include <string>

#include "base/time.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/data_directory.hpp"
#include "store/sqlite/options.hpp"
#include "store/sqlite/worker.hpp"
#include "store/sqlite/write_side.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

class sqlite_store final : public store {
public:
    // Creates or upgrades the database. Throws unusable_database, directory_in_use, sqlite_error.
    sqlite_store(executor loop, const clock&, const options&);

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
    void read_each(batch&);            // on the reader's thread
    awaitable<bool> catch_up_index();  // false: the disk is full

    data_directory directory_;
    const clock& clock_;
    write_side write_side_;
    connection reader_db_;
    worker writer_;
    worker reader_;
};

}  // namespace memorypro::store::sqlite
