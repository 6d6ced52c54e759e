#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <filesystem>

#include "base/log.hpp"
#include "store/sqlite/claim.hpp"
#include "store/sqlite/filter.hpp"
#include "store/sqlite/index.hpp"
#include "store/sqlite/occurrences.hpp"
#include "store/sqlite/online_backup.hpp"
#include "store/sqlite/restore.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/search_index.hpp"
#include "store/sqlite/survey.hpp"
#include "store/sqlite/text_score.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::chrono::seconds longest_read{10};
constexpr std::chrono::seconds longest_catch_up{10};

// So many memories at a time are indexed while a recall waits and stores go on.
constexpr std::size_t catch_up_chunk = 1024;

std::int64_t size_of(const std::string& path) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path, missing);
    return missing ? 0 : static_cast<std::int64_t>(size);
}

error still_indexing(const index_extent& so_far) {
    return {.code = errc::unavailable,
            .detail = "the search index is being built: " + std::to_string(so_far.indexed) +
                      " memories are in it, " + std::to_string(so_far.behind) +
                      " are to come; try again",
            .retry_after = longest_catch_up};
}

error cannot_index(error why) {
    why.detail = "memories are missing in the search index, and it cannot grow: " + why.detail;
    return why;
}

// What an earlier daemon had claimed is free again before anybody reads.
connection open_for_reading(write_side& writer, const std::string& path) {
    reclaim_leases(writer);
    connection db(path, connection::access::read_write);  // WAL readers share a writable index
    db.execute(std::string(connection_settings) + "PRAGMA query_only = ON;");
    add_text_score(db);
    add_occurrences(db);
    return db;
}

const data_directory& tidied(const data_directory& directory) {
    tidy_up(directory);
    return directory;
}

}  // namespace

sqlite_store::sqlite_store(executor loop, const clock& time, const options& how)
    : loop_(loop),
      directory_(how.directory),
      clock_(time),
      write_side_(tidied(directory_).database_path(), time, how),
      reader_db_(open_for_reading(write_side_, directory_.database_path())),
      writer_(
          loop, "writer", [this](batch& jobs) { write_side_.commit(jobs); },
          [this](std::size_t jobs) { return write_side_.work_when_idle(jobs); }),
      reader_(loop, "reader", [this](batch& jobs) { read_each(jobs); }) {}

// Each in a transaction of its own, so that all its statements see the same state, and within its
// time, so that one expensive question does not keep the others waiting.
void sqlite_store::read_each(batch& jobs) {
    for (auto& next : jobs) {
        reader_db_.set_deadline(std::chrono::steady_clock::now() + longest_read);
        try {
            reader_db_.prepare("BEGIN").run();
            next->execute(reader_db_);
            reader_db_.prepare("COMMIT").run();
        } catch (...) {
            next->fail(std::current_exception());
        }
        // What failed would hold on to the state that it saw, and the -wal file grow.
        if (reader_db_.in_transaction()) reader_db_.prepare("ROLLBACK").run();
    }
}

awaitable<page> sqlite_store::list_memories(memory_filter wanted,
                                            std::optional<std::int64_t> before, std::size_t limit) {
    const std::int64_t newest = write_side_.committed_seq();
    if (filter_sql(wanted).scoped() && write_side_.indexed_seq() >= write_side_.burst_began())
        co_await catch_up_index(newest);
    // Without the index the rows are read one by one: slower, and as complete.
    auto work = [wanted = std::move(wanted), before, limit, newest](connection& db) {
        const bool indexed = read_indexed_seq(db) >= newest;
        return list_rows(db, filter_sql(wanted, indexed), before, limit);
    };
    co_return co_await reader_.submit(effect::reads, std::move(work));
}

awaitable<std::vector<memory>> sqlite_store::memories_after(std::int64_t seq, std::size_t limit) {
    auto work = [seq, limit](connection& db) { return rows_after(db, seq, limit); };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<std::vector<hit>> sqlite_store::find_matches(search wanted) {
    if (wanted.unsynced_only && !co_await has_unsynced()) co_return std::vector<hit>{};
    const std::int64_t newest = write_side_.committed_seq();
    const auto obstacle = co_await catch_up_index(newest);
    // In the search's own transaction: until that begins, the index may be emptied.
    auto work = [this, wanted = std::move(wanted), newest, obstacle](connection& db) {
        // What cannot grow answers with what it has, where only a burst of stores is missing.
        const auto position = read_indexed_seq(db);
        if (position < (obstacle ? write_side_.burst_began() : newest))
            throw failed(obstacle ? cannot_index(*obstacle) : still_indexing(indexed()));
        return search_index(db, wanted);
    };
    co_return co_await reader_.submit(effect::reads, std::move(work));
}

// A recall or a scoped list sees what was stored before it: what is not indexed yet is indexed
// first, in chunks, so that stores get their turn in between. Ends after its time at the latest;
// gives what keeps the index from growing.
awaitable<std::optional<error>> sqlite_store::catch_up_index(std::int64_t newest) {
    const auto deadline = std::chrono::steady_clock::now() + longest_catch_up;
    try {
        while (std::chrono::steady_clock::now() < deadline) {
            const std::int64_t seen = write_side_.indexed_seq();
            if (seen >= newest) break;
            auto work = [this, seen](connection& db) {
                write_side_.index_after(db, seen, catch_up_chunk);
                return true;
            };
            co_await writer_.submit(effect::derives, std::move(work));
        }
        co_return std::nullopt;
    } catch (const failed& why) {
        if (why.why().code == errc::internal) throw;
        spdlog::warn("the indexes stay behind: {}", why.what());
        co_return why.why();
    }
}

awaitable<index_extent> sqlite_store::rebuild_index() {
    co_await writer_.submit(effect::derives, [this](connection& db) {
        write_side_.start_index_again(db);
        return true;
    });
    spdlog::info("the search index is being built again");
    co_return indexed();
}

index_extent sqlite_store::indexed() const {
    const auto indexed = write_side_.indexed_seq();
    return {indexed, std::max<std::int64_t>(write_side_.committed_seq() - indexed, 0)};
}

// They are counted once; from then on the writer knows.
awaitable<bool> sqlite_store::has_unsynced() {
    if (write_side_.unsynced_memories() == unsynced::unknown)
        co_await writer_.submit(effect::reads,
                                [this](connection& db) { return write_side_.count_locals(db); });
    co_return write_side_.unsynced_memories() != unsynced::none;
}

awaitable<totals> sqlite_store::count_memories() {
    auto work = [path = directory_.database_path()](connection& db) {
        return totals{.memories = db.integer("SELECT count(*) FROM memories"),
                      .archived = db.integer("SELECT count(*) FROM memories WHERE archived"),
                      .bytes = size_of(path) + size_of(path + "-wal")};
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<survey> sqlite_store::survey_memories(std::size_t newest, std::size_t most_values) {
    return reader_.submit(effect::reads, [newest, most_values](connection& db) {
        return survey_rows(db, newest, most_values);
    });
}

result<std::shared_ptr<backup>> sqlite_store::begin_backup() {
    if (!backup_.expired())
        return error{errc::overloaded, "another backup is being taken; try again when it is done"};
    const std::shared_ptr<backup> begun = std::make_shared<online_backup>(loop_, directory_);
    backup_ = begun;
    return begun;
}

awaitable<> sqlite_store::ping() {
    co_await writer_.submit(effect::reads, [path = directory_.database_path()](connection&) {
        if (!std::filesystem::exists(path))
            throw std::runtime_error(path + " is gone: what is stored now will be lost");
        return true;
    });
}

}  // namespace memorypro::store::sqlite
