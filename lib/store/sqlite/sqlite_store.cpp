#include "store/sqlite/sqlite_store.hpp"

#include <filesystem>

#include "base/log.hpp"
#include "store/sqlite/filter.hpp"
#include "store/sqlite/idempotency_keys.hpp"
#include "store/sqlite/index.hpp"
#include "store/sqlite/rank.hpp"
#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::chrono::seconds longest_read{10};

// So many memories at a time are indexed while a recall waits and stores go on.
constexpr std::size_t catch_up_chunk = 1024;

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

connection open_for_reading(const std::string& path) {
    connection db(path, connection::access::read_write);  // WAL readers share a writable index
    db.execute(std::string(connection_settings) + "PRAGMA query_only = ON;");
    add_text_score(db);
    return db;
}

}  // namespace

sqlite_store::sqlite_store(executor loop, const clock& time, const options& how)
    : directory_(how.directory),
      clock_(time),
      write_side_(directory_.database_path(), time, how),
      reader_db_(open_for_reading(directory_.database_path())),
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
            if (reader_db_.in_transaction()) reader_db_.prepare("ROLLBACK").run();
            reader_db_.prepare("BEGIN").run();
            next->execute(reader_db_);
            reader_db_.prepare("COMMIT").run();
        } catch (...) {
            next->fail(std::current_exception());
        }
    }
}

awaitable<result<accepted>> sqlite_store::accept_memory(new_memory given,
                                                        std::optional<idempotency> key,
                                                        std::optional<outbound>) {
    auto work = [this, given = std::move(given),
                 key = std::move(key)](connection& db) -> result<accepted> {
        if (key)
            if (auto known = answer_for_key(db, *key, clock_.now())) return *known;
        accepted answer = write_side_.insert(db, given);
        if (key) remember_key(db, *key, answer, clock_.now());
        return answer;
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<result<accepted>> sqlite_store::upsert_memory(new_memory given, std::optional<outbound>) {
    auto work = [this, given = std::move(given)](connection& db) -> result<accepted> {
        const auto before = find_by_id(db, given.id);
        if (!before) return write_side_.insert(db, given);
        memory after = *before;
        after.what = given.what;
        if (!after.what.time) after.what.time = before->what.time;
        write_side_.replace(db, *before, after);
        return accepted{.id = after.id, .sync_state = after.sync_state, .created = false};
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<result<std::vector<imported>>> sqlite_store::import_memories(
    std::vector<new_memory> given, std::optional<outbound>) {
    auto work = [this, given = std::move(given)](connection& db) -> result<std::vector<imported>> {
        std::vector<imported> answers;
        answers.reserve(given.size());
        for (const auto& next : given) {
            const bool known = find_by_id(db, next.id).has_value();
            if (!known) write_side_.insert(db, next);
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
        write_side_.replace(db, *before, after);
        return after;
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<result<cloud_copy>> sqlite_store::remove_memory(std::string id, unknown_ids) {
    auto work = [this, id = std::move(id)](connection& db) -> result<cloud_copy> {
        const auto before = find_by_id(db, id);
        if (!before) return no_such_memory();
        write_side_.remove(db, *before);
        return cloud_copy::none;
    };
    return writer_.submit(effect::commits, std::move(work));
}

awaitable<page> sqlite_store::list_memories(memory_filter wanted,
                                            std::optional<std::int64_t> before, std::size_t limit) {
    // Without the index the rows are read one by one: slower, and as complete.
    const bool indexed = !filter_sql(wanted).scoped() || co_await catch_up_index();
    auto work = [wanted = std::move(wanted), before, limit, indexed](connection& db) {
        return list_rows(db, filter_sql(wanted, indexed), before, limit);
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
awaitable<bool> sqlite_store::catch_up_index() {
    const std::int64_t wanted = write_side_.committed_seq();
    try {
        while (write_side_.indexed_seq() < wanted) {
            auto work = [this](connection& db) {
                write_side_.index_some(db, catch_up_chunk);
                return true;
            };
            co_await writer_.submit(effect::derives, std::move(work));
        }
        co_return true;
    } catch (const failed& why) {
        spdlog::warn("the indexes stay behind: {}", why.what());
        co_return false;
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
    co_await writer_.submit(effect::reads, [path = directory_.database_path()](connection&) {
        if (!std::filesystem::exists(path))
            throw std::runtime_error(path + " is gone: what is stored now will be lost");
        return true;
    });
    co_await reader_.submit(effect::reads, [](connection&) { return true; });
}

}  // namespace memorypro::store::sqlite
