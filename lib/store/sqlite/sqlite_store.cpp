#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <filesystem>

#include "base/log.hpp"
#include "store/sqlite/filter.hpp"
#include "store/sqlite/group_commit.hpp"
#include "store/sqlite/idempotency_keys.hpp"
#include "store/sqlite/index.hpp"
#include "store/sqlite/rank.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/schema.hpp"

namespace memorypro::store::sqlite {
namespace {

// Large enough that a burst is rarely interrupted by a checkpoint, small enough to copy in a
// moment.
constexpr auto checkpoint_every = "PRAGMA wal_autocheckpoint = 4000;";  // pages of 4 KiB
constexpr auto same_for_both =
    "PRAGMA cache_size = -6144; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 5000;";

constexpr std::size_t index_chunk_size = 256;
constexpr double burst = 8;  // jobs in the usual batch from which on indexing is left for later

error no_such_memory() {
    return {errc::not_found, "no memory has this id"};
}

std::int64_t size_of(const std::string& path) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path, missing);
    return missing ? 0 : static_cast<std::int64_t>(size);
}

void apply(memory_patch patch, memory& m) {
    if (patch.content) m.what.content = std::move(*patch.content);
    if (patch.metadata_json) m.what.metadata_json = std::move(*patch.metadata_json);
    if (patch.tags_json) m.what.tags_json = std::move(*patch.tags_json);
    if (patch.memory_type) m.what.memory_type = std::move(*patch.memory_type);
    if (patch.priority) m.what.priority = *patch.priority;
    if (patch.time) m.what.time = *patch.time;
    if (patch.archived) m.archived = *patch.archived;
}

connection open_for_writing(const std::string& path, const options& how) {
    try {
        connection db(path, connection::access::read_write);
        db.execute(same_for_both);
        migrate(db, path);
        db.execute(std::string(checkpoint_every) +
                   "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = FAST; PRAGMA "
                   "journal_size_limit = 67108864;");
        if (how.most_pages > 0)
            db.execute("PRAGMA max_page_count = " + std::to_string(how.most_pages));
        return db;
    } catch (const sqlite_error& failure) {
        throw sqlite_error(failure.code(), path + ": " + failure.what());
    }
}

connection open_for_reading(const std::string& path) {
    connection db(path, connection::access::read_write);  // WAL readers share a writable index
    db.execute(std::string(same_for_both) + "PRAGMA query_only = ON;");
    add_text_score(db);
    return db;
}

}  // namespace

sqlite_store::sqlite_store(executor loop, const clock& time, options how)
    : directory_(how.directory),
      clock_(time),
      options_(std::move(how)),
      writer_db_(open_for_writing(directory_.database_path(), options_)),
      reader_db_(open_for_reading(directory_.database_path())),
      index_position_(read_indexed_seq(writer_db_)),
      last_seq_(std::max(index_position_, writer_db_.integer("SELECT max(seq) FROM memories"))),
      committed_seq_(last_seq_),
      indexed_seq_(index_position_),
      writer_(
          loop, "writer", [this](batch& jobs) { commit_batch(jobs); },
          [this](std::size_t jobs) { return index_when_idle(jobs); }),
      reader_(loop, "reader", [this](batch& jobs) { run_jobs(jobs); }) {}

// ---- on the writer's and the reader's thread ----

void sqlite_store::commit_batch(batch& jobs) {
    const bool changes = std::any_of(
        jobs.begin(), jobs.end(), [](const auto& next) { return next->what() != effect::reads; });
    if (!changes) {
        for (auto& next : jobs)
            next->execute(writer_db_);
        return;
    }
    sync_commits(std::any_of(jobs.begin(), jobs.end(),
                             [](const auto& next) { return next->what() == effect::commits; }));
    finish_transaction(commit_together(writer_db_, jobs));
}

void sqlite_store::finish_transaction(bool committed) {
    if (committed) {
        committed_seq_ = last_seq_;
        indexed_seq_ = index_position_;
    } else {
        index_position_ = indexed_seq_;
    }
}

void sqlite_store::run_jobs(batch& jobs) {
    for (auto& next : jobs) {
        try {
            reader_db_.prepare("BEGIN").run();
            next->execute(reader_db_);
        } catch (...) {
            next->fail(std::current_exception());
        }
        if (reader_db_.in_transaction()) reader_db_.prepare("COMMIT").run();
    }
}

// In WAL mode a commit under NORMAL is not synced by itself: enough for what can be derived again.
void sqlite_store::sync_commits(bool wanted) {
    wanted = wanted && options_.survive_power_loss;
    if (wanted == syncing_) return;
    writer_db_.execute(wanted ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    syncing_ = wanted;
}

bool sqlite_store::index_when_idle(std::size_t jobs) {
    const std::int64_t behind = committed_seq_ - index_position_;
    const bool quiet = jobs == 0;
    usual_batch_ = quiet ? 0 : (7 * usual_batch_ + static_cast<double>(jobs)) / 8;
    try {
        if (behind == 0) return quiet && forget_some_keys();
        if (quiet || (usual_batch_ <= burst && behind >= std::int64_t{index_chunk_size})) {
            index_in_own_transaction(index_chunk_size);
        } else if (behind > options_.most_unindexed) {
            index_in_own_transaction(index_chunk_size + 2 * jobs);
        }
        return true;
    } catch (const sqlite_error& failure) {
        spdlog::warn("the indexes stay behind: {}", failure.what());
        return false;
    }
}

void sqlite_store::index_in_own_transaction(std::size_t limit) {
    sync_commits(false);
    writer_db_.prepare("BEGIN IMMEDIATE").run();
    try {
        index_chunk(writer_db_, limit);
        writer_db_.prepare("COMMIT").run();
        finish_transaction(true);
    } catch (...) {
        finish_transaction(false);
        if (writer_db_.in_transaction()) writer_db_.execute("ROLLBACK");
        throw;
    }
}

void sqlite_store::index_chunk(connection& db, std::size_t limit) {
    index_position_ = index_next(db, {.after = index_position_, .until = last_seq_}, limit);
}

bool sqlite_store::forget_some_keys() {
    const auto now = clock_.now();
    if (now < next_key_cleanup_) return false;
    if (forget_old_keys(writer_db_, now)) return true;
    next_key_cleanup_ = now + std::chrono::hours(1);
    return false;
}

accepted sqlite_store::insert(connection& db, const new_memory& given) {
    insert_row(db, ++last_seq_, given);
    return {.id = given.id, .sync_state = sync_state::local};
}

void sqlite_store::replace(connection& db, const memory& before, const memory& after) {
    update_row(db, after);
    if (before.seq <= index_position_) reindex(db, before, after);
}

// ---- on the loop ----

awaitable<result<accepted>> sqlite_store::accept_memory(new_memory given,
                                                        std::optional<idempotency> key) {
    auto work = [this, given = std::move(given),
                 key = std::move(key)](connection& db) -> result<accepted> {
        if (key)
            if (auto known = answer_for_key(db, *key)) return *known;
        accepted answer = insert(db, given);
        if (key) remember_key(db, *key, answer, clock_.now());
        return answer;
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<result<accepted>> sqlite_store::upsert_memory(new_memory given) {
    auto work = [this, given = std::move(given)](connection& db) -> result<accepted> {
        const auto before = find_by_id(db, given.id);
        if (!before) return insert(db, given);
        memory after = *before;
        after.what = given.what;
        if (!after.what.time) after.what.time = before->what.time;
        replace(db, *before, after);
        return accepted{.id = after.id, .sync_state = after.sync_state, .created = false};
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<result<std::vector<imported>>> sqlite_store::import_memories(
    std::vector<new_memory> given) {
    auto work = [this, given = std::move(given)](connection& db) -> result<std::vector<imported>> {
        std::vector<imported> answers;
        answers.reserve(given.size());
        for (const auto& next : given) {
            const bool known = find_by_id(db, next.id).has_value();
            if (!known) insert(db, next);
            answers.push_back(known ? imported::duplicate : imported::created);
        }
        return answers;
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<result<memory>> sqlite_store::find_memory(std::string id) {
    auto work = [id = std::move(id)](connection& db) -> result<memory> {
        if (auto found = find_by_id(db, id)) return std::move(*found);
        return no_such_memory();
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<result<memory>> sqlite_store::amend_memory(std::string id, memory_patch patch) {
    auto work = [this, id = std::move(id),
                 patch = std::move(patch)](connection& db) -> result<memory> {
        const auto before = find_by_id(db, id);
        if (!before) return no_such_memory();
        memory after = *before;
        apply(patch, after);
        replace(db, *before, after);
        return after;
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<result<memory>> sqlite_store::remove_memory(std::string id) {
    auto work = [this, id = std::move(id)](connection& db) -> result<memory> {
        const auto before = find_by_id(db, id);
        if (!before) return no_such_memory();
        if (before->seq <= index_position_) unindex(db, *before);
        delete_row(db, before->seq);
        return *before;
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<page> sqlite_store::list_memories(memory_filter wanted,
                                            std::optional<std::int64_t> before, std::size_t limit) {
    if (filter_sql(wanted).scoped()) co_await catch_up_index();
    auto work = [wanted = std::move(wanted), before, limit](connection& db) {
        return list_rows(db, wanted, before, limit);
    };
    co_return co_await reader_.submit(effect::reads, std::move(work));
}

awaitable<std::vector<memory>> sqlite_store::memories_after(std::int64_t seq, std::size_t limit) {
    auto work = [seq, limit](connection& db) { return rows_after(db, seq, limit); };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<std::vector<hit>> sqlite_store::find_matches(search wanted) {
    co_await catch_up_index();
    auto work = [wanted = std::move(wanted)](connection& db) { return search_index(db, wanted); };
    co_return co_await reader_.submit(effect::reads, std::move(work));
}

// A recall or a scoped list sees what was stored before it: what is not indexed yet is indexed
// first, in chunks, so that stores get their turn in between.
awaitable<> sqlite_store::catch_up_index() {
    const std::int64_t wanted = committed_seq_;
    while (indexed_seq_ < wanted) {
        auto work = [this](connection& db) {
            index_chunk(db, 4 * index_chunk_size);
            return true;
        };
        co_await writer_.submit(effect::derives, std::move(work));
    }
}

awaitable<totals> sqlite_store::count_memories() {
    auto work = [path = directory_.database_path()](connection& db) {
        return totals{.memories = db.integer("SELECT count(*) FROM memories"),
                      .archived = db.integer("SELECT count(*) FROM memories WHERE archived"),
                      .bytes = size_of(path) + size_of(path + "-wal")};
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<> sqlite_store::ping() {
    co_await writer_.submit(effect::reads, [](connection&) { return true; });
}

}  // namespace memorypro::store::sqlite
