#include "store/sqlite/write_side.hpp"

#include <algorithm>
#include <span>

#include "base/log.hpp"
#include "store/sqlite/copies.hpp"
#include "store/sqlite/edited.hpp"
#include "store/sqlite/group_commit.hpp"
#include "store/sqlite/idempotency_keys.hpp"
#include "store/sqlite/index.hpp"
#include "store/sqlite/outbox_rows.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/strays.hpp"

namespace memorypro::store::sqlite {
namespace {

// Large enough that a burst is rarely interrupted by a checkpoint, small enough to copy in a
// moment.
constexpr auto checkpoint_every = "PRAGMA wal_autocheckpoint = 4000;";  // pages of 4 KiB

constexpr std::size_t index_chunk_size = 256;
// Where there is much to do and no store waits: a fifth less work for each.
constexpr std::size_t large_index_chunk_size = 1024;
constexpr std::size_t digest_chunk_size = 1024;
constexpr std::size_t large_digest_chunk_size = 8192;
constexpr std::size_t most_unindexed_bytes = 256 << 20;
// While jobs come, the index gets a chunk so often: a small part of the writer's time.
constexpr std::chrono::milliseconds between_chunks{100};

// What is removed from a full disk makes room for memories, not for the indexes.
std::chrono::seconds rest_after(const sqlite_error& failure) {
    return std::chrono::seconds(failure.no_space() ? 60 : 1);
}

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
      most_queue_bytes_(how.most_queue_bytes),
      most_insights_(how.most_insights),
      db_(open_for_writing(path, how)),
      index_position_(read_indexed_seq(db_)),
      tally_(count_outbox_rows(db_)),
      inbox_(db_, how.most_inbox_bytes),
      last_seq_(
          std::max({index_position_, tally_.sorted_id, db_.integer("SELECT max(seq) FROM memories"),
                    db_.integer("SELECT max(id) FROM outbox")})),
      committed_seq_(last_seq_),
      indexed_seq_(index_position_),
      rebuilding_until_(last_seq_) {
    tally_.edited = count_edited(db_);
    tally_.strays = count_strays(db_);
    committed_tally_ = tally_;
    publish();
}

// What changes nothing runs by itself, and does not fail with the others.
void write_side::commit(batch& jobs) {
    const auto first_change = std::partition(
        jobs.begin(), jobs.end(), [](const auto& next) { return next->what() == effect::reads; });
    for (auto next = jobs.begin(); next != first_change; ++next)
        run_alone(**next, db_);
    if (first_change != jobs.begin()) finish_transaction(true);  // what they counted stays known
    const std::span changes(first_change, jobs.end());
    if (changes.empty()) return;
    try {
        sync_commits(std::any_of(changes.begin(), changes.end(),
                                 [](const auto& next) { return next->what() == effect::commits; }));
        finish_transaction(commit_together(db_, changes, [this] { unindex_removed(); }));
    } catch (...) {
        for (auto& next : changes)
            next->fail(std::current_exception());
    }
}

void write_side::finish_transaction(bool committed) {
    if (committed) {
        committed_seq_ = last_seq_;
        indexed_seq_ = index_position_;
        committed_tally_ = tally_;
        inbox_.keep();
        publish();
    } else {
        index_position_ = indexed_seq_;
        tally_ = committed_tally_;
        inbox_.undo(0);
    }
    removed_.clear();
}

void write_side::publish() {
    const auto& t = tally_;
    has_strays_ = t.strays > 0;
    if (t.pending + t.in_flight + t.dead + t.edited > 0 || t.locals > 0)
        unsynced_ = unsynced::some;
    else
        unsynced_ = t.locals ? unsynced::none : unsynced::unknown;
}

// In WAL mode a commit under NORMAL is not synced by itself: enough for what can be derived again.
void write_side::sync_commits(bool wanted) {
    wanted = wanted && survive_power_loss_;
    if (wanted == syncing_) return;
    db_.execute(wanted ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    syncing_ = wanted;
}

bool write_side::work_when_idle(std::size_t jobs) {
    // Tidying makes room, which the indexes may lack: it comes first, and does not rest with them.
    const bool to_tidy = jobs == 0 ? tidy_if_possible() : tidying_is_due();
    const bool to_index = index_if_possible(jobs);
    return to_tidy || to_index;
}

bool write_side::index_if_possible(std::size_t jobs) {
    const auto now = std::chrono::steady_clock::now();
    if (now < index_rests_until_) return false;
    try {
        const bool texts = index_when_idle(jobs);
        const bool digests = index_digests_when_idle(jobs);
        return texts || digests;
    } catch (const sqlite_error& failure) {
        spdlog::warn("the indexes stay behind: {}", failure.what());
        index_rests_until_ = now + rest_after(failure);
        return false;
    }
}

bool write_side::tidy_if_possible() {
    if (!tidying_is_due()) return false;
    try {
        return tidy_when_idle();
    } catch (const sqlite_error& failure) {
        spdlog::warn("what is out of date stays: {}", failure.what());
        tidying_rests_until_ = std::chrono::steady_clock::now() + rest_after(failure);
        return false;
    }
}

bool write_side::tidying_is_due() const {
    const auto now = clock_.now();
    return std::chrono::steady_clock::now() >= tidying_rests_until_ &&
           (now >= next_key_cleanup_ || inbox_.sweep_due(now));
}

bool write_side::index_when_idle(std::size_t jobs) {
    const std::int64_t behind = committed_seq_ - index_position_;
    // A rebuild has time: stores are slowed only by what they bring themselves.
    const std::int64_t burst =
        committed_seq_ - std::max<std::int64_t>(index_position_, rebuilding_until_);
    const auto now = std::chrono::steady_clock::now();
    if (behind == 0) {
        unindexed_bytes_ = 0;
        return false;
    }
    if (jobs == 0 || now >= next_chunk_) {
        const bool much = jobs == 0 && behind > static_cast<std::int64_t>(large_index_chunk_size);
        index_in_own_transaction(much ? large_index_chunk_size : index_chunk_size);
        next_chunk_ = now + between_chunks;
    } else if (burst > most_unindexed_ || unindexed_bytes_ > most_unindexed_bytes) {
        index_in_own_transaction(index_chunk_size + 2 * jobs);
    }
    return true;
}

// The more at once, the fewer of the index's pages for each.
bool write_side::index_digests_when_idle(std::size_t jobs) {
    const auto behind = inbox_.unindexed();
    if (behind == 0) return false;
    const bool quiet = jobs == 0;
    if (quiet || static_cast<std::int64_t>(behind) > most_unindexed_)
        in_own_transaction([this, quiet](connection& db) {
            inbox_.index_some(db, quiet ? digest_chunk_size : large_digest_chunk_size);
        });
    return true;
}

bool write_side::tidy_when_idle() {
    if (forget_some_keys()) return true;
    const auto now = clock_.now();
    if (!inbox_.sweep_due(now)) return false;
    in_own_transaction([this, now](connection& db) { inbox_.sweep_some(db, now); });
    return inbox_.sweep_due(now);
}

void write_side::begin_own_transaction() {
    sync_commits(false);
    db_.prepare("BEGIN IMMEDIATE").run();
}

void write_side::end_own_transaction() {
    unindex_removed();
    db_.prepare("COMMIT").run();
    finish_transaction(true);
}

void write_side::undo_own_transaction() {
    finish_transaction(false);
    if (db_.in_transaction()) db_.execute("ROLLBACK");
}

void write_side::index_in_own_transaction(std::size_t limit) {
    in_own_transaction([this, limit](connection& db) { index_some(db, limit); });
}

void write_side::index_some(connection& db, std::size_t limit) {
    const auto done = index_next(db, {.after = index_position_, .until = last_seq_}, limit);
    index_position_ = done.indexed_seq;
    unindexed_bytes_ -= std::min(unindexed_bytes_, done.bytes);
}

void write_side::index_after(connection& db, std::int64_t seen, std::size_t limit) {
    if (index_position_ == seen) index_some(db, limit);
}

// What was to be removed went with the index. Last, so that nothing is undone behind it.
void write_side::start_index_again(connection& db) {
    clear_index(db);
    rebuilding_until_ = last_seq_;  // before a reader can see it
    index_position_ = 0;
    removed_.clear();
}

bool write_side::forget_some_keys() {
    const auto now = clock_.now();
    if (now < next_key_cleanup_) return false;
    if (forget_old_keys(db_, now)) return true;
    next_key_cleanup_ = now + std::chrono::hours(1);
    return false;
}

memory write_side::insert(connection& db, new_memory given, sync_state state, int revision) {
    memory stored{.seq = next_id(),
                  .id = std::move(given.id),
                  .what = std::move(given.what),
                  .created_at = given.created_at,
                  .archived = given.archived,
                  .sync_state = state,
                  .revision = revision};
    if (!stored.what.time) stored.what.time = stored.created_at;
    insert_row(db, stored);
    unindexed_bytes_ += stored.what.content.size();
    note_sync_state(stored.seq, {}, state);
    return stored;
}

void write_side::replace(connection& db, const memory& before, const memory& after) {
    update_row(db, after);
    if (before.seq <= index_position_) reindex(db, before, after);
    if (before.sync_state == sync_state::synced) {
        if (after.sync_state == sync_state::synced) {
            forget_copy(db, tally_, before.seq);
            note_edit(db, tally_, before, after);
        } else {
            leave_cloud(db, before.seq);
        }
    }
    note_sync_state(before.seq, before.sync_state, after.sync_state);
}

void write_side::set_sync_state(connection& db, const memory& m, sync_state state) {
    update_sync_state(db, m.seq, state);
    if (m.sync_state == sync_state::synced) leave_cloud(db, m.seq);
    note_sync_state(m.seq, m.sync_state, state);
}

void write_side::remove(connection& db, const memory& m) {
    if (m.seq <= index_position_) removed_.push_back(m);
    delete_row(db, m.seq);
    if (m.sync_state == sync_state::synced) leave_cloud(db, m.seq);
    note_sync_state(m.seq, m.sync_state, {});
}

void write_side::leave_cloud(connection& db, std::int64_t seq) {
    forget_copy(db, tally_, seq);
    forget_edit(db, tally_, seq);
}

// The text index writes all that changed in it at the end of each savepoint, which costs more than
// the change: so this is done once, at the end of the transaction.
void write_side::unindex_removed() {
    for (const auto& m : removed_)
        unindex(db_, m);
}

void write_side::note_sync_state(std::int64_t seq, std::optional<sync_state> before,
                                 std::optional<sync_state> after) {
    if (after == sync_state::local) tally_.locals_after = std::min(tally_.locals_after, seq - 1);
    if (!tally_.locals) return;
    if (before == sync_state::local) --*tally_.locals;
    if (after == sync_state::local) ++*tally_.locals;
}

// By difference: the memories' own index of ids and the one of the synced are small, the rows are
// not.
std::int64_t write_side::count_locals(connection& db) {
    if (!tally_.locals)
        tally_.locals = db.integer("SELECT count(*) FROM memories") -
                        db.integer("SELECT count(*) FROM memories WHERE sync_state = 1") -
                        tally_.pending - tally_.in_flight - tally_.dead;
    return *tally_.locals;
}

bool write_side::has_queue_space(std::int64_t more_bytes) const {
    const std::int64_t most = most_queue_bytes_;
    return most == 0 || more_bytes <= 0 || tally_.queued_bytes + more_bytes <= most;
}

void write_side::require_queue_space(std::int64_t more_bytes) const {
    if (has_queue_space(more_bytes)) return;
    throw failed({errc::full,
                  "the queue for the cloud is full (MEMORYPRO_QUEUE_MAX_BYTES): nothing was stored;"
                  " it empties when the cloud is there again"});
}

}  // namespace memorypro::store::sqlite
