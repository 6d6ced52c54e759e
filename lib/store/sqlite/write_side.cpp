#include "store/sqlite/write_side.hpp"

#include <algorithm>
#include <span>

#include "base/log.hpp"
#include "store/sqlite/group_commit.hpp"
#include "store/sqlite/idempotency_keys.hpp"
#include "store/sqlite/index.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/schema.hpp"

namespace memorypro::store::sqlite {
namespace {

// Large enough that a burst is rarely interrupted by a checkpoint, small enough to copy in a
// moment.
constexpr auto checkpoint_every = "PRAGMA wal_autocheckpoint = 4000;";  // pages of 4 KiB

constexpr std::size_t index_chunk_size = 256;
constexpr std::size_t most_unindexed_bytes = 256 << 20;
constexpr double burst = 8;  // jobs in the usual batch from which on indexing is left for later

connection open_for_writing(const std::string& path, const options& how) {
    try {
        connection db(path, connection::access::read_write);
        migrate(db, path);  // first: it tells what is wrong with a file that is not ours
        db.execute(connection_settings);
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

}  // namespace

write_side::write_side(const std::string& path, const clock& time, const options& how)
    : clock_(time),
      survive_power_loss_(how.survive_power_loss),
      most_unindexed_(how.most_unindexed),
      db_(open_for_writing(path, how)),
      index_position_(read_indexed_seq(db_)),
      last_seq_(std::max(index_position_, db_.integer("SELECT max(seq) FROM memories"))),
      committed_seq_(last_seq_),
      indexed_seq_(index_position_) {}

// What changes nothing runs by itself, and does not fail with the others.
void write_side::commit(batch& jobs) {
    const auto first_change = std::partition(
        jobs.begin(), jobs.end(), [](const auto& next) { return next->what() == effect::reads; });
    for (auto next = jobs.begin(); next != first_change; ++next)
        run_alone(**next, db_);
    const std::span changes(first_change, jobs.end());
    if (changes.empty()) return;
    try {
        sync_commits(std::any_of(changes.begin(), changes.end(),
                                 [](const auto& next) { return next->what() == effect::commits; }));
        finish_transaction(commit_together(db_, changes));
    } catch (...) {
        for (auto& next : changes)
            next->fail(std::current_exception());
    }
}

void write_side::finish_transaction(bool committed) {
    if (committed) {
        committed_seq_ = last_seq_;
        indexed_seq_ = index_position_;
    } else {
        index_position_ = indexed_seq_;
    }
}

// In WAL mode a commit under NORMAL is not synced by itself: enough for what can be derived again.
void write_side::sync_commits(bool wanted) {
    wanted = wanted && survive_power_loss_;
    if (wanted == syncing_) return;
    db_.execute(wanted ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    syncing_ = wanted;
}

bool write_side::work_when_idle(std::size_t jobs) {
    const std::int64_t behind = committed_seq_ - index_position_;
    const bool quiet = jobs == 0;
    usual_batch_ = quiet ? 0 : (7 * usual_batch_ + static_cast<double>(jobs)) / 8;
    try {
        if (behind == 0) unindexed_bytes_ = 0;
        if (behind == 0) return quiet && forget_some_keys();
        if (quiet || (usual_batch_ <= burst && behind >= std::int64_t{index_chunk_size})) {
            index_in_own_transaction(index_chunk_size);
        } else if (behind > most_unindexed_ || unindexed_bytes_ > most_unindexed_bytes) {
            index_in_own_transaction(index_chunk_size + 2 * jobs);
        }
        return true;
    } catch (const sqlite_error& failure) {
        spdlog::warn("the indexes stay behind: {}", failure.what());
        return false;
    }
}

void write_side::index_in_own_transaction(std::size_t limit) {
    sync_commits(false);
    db_.prepare("BEGIN IMMEDIATE").run();
    try {
        index_some(db_, limit);
        db_.prepare("COMMIT").run();
        finish_transaction(true);
    } catch (...) {
        finish_transaction(false);
        if (db_.in_transaction()) db_.execute("ROLLBACK");
        throw;
    }
}

void write_side::index_some(connection& db, std::size_t limit) {
    const auto done = index_next(db, {.after = index_position_, .until = last_seq_}, limit);
    index_position_ = done.indexed_seq;
    unindexed_bytes_ -= std::min(unindexed_bytes_, done.bytes);
}

bool write_side::forget_some_keys() {
    const auto now = clock_.now();
    if (now < next_key_cleanup_) return false;
    if (forget_old_keys(db_, now)) return true;
    next_key_cleanup_ = now + std::chrono::hours(1);
    return false;
}

accepted write_side::insert(connection& db, const new_memory& given) {
    insert_row(db, ++last_seq_, given);
    unindexed_bytes_ += given.what.content.size();
    return {.id = given.id, .sync_state = sync_state::local};
}

void write_side::replace(connection& db, const memory& before, const memory& after) {
    update_row(db, after);
    if (before.seq <= index_position_) reindex(db, before, after);
}

void write_side::remove(connection& db, const memory& m) {
    if (m.seq <= index_position_) unindex(db, m);
    delete_row(db, m.seq);
}

}  // namespace memorypro::store::sqlite
