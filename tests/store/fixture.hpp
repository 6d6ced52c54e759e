// A SQLite store in a directory of its own, with a clock of its own, driven by its own loop.
#pragma once

#include <optional>

#include "store/sqlite/sqlite_store.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::store {

using ids = std::vector<std::string>;

// As ids are made here: the key of such a memory is its id.
inline const std::string made_id = "01a22aab-6eaf-7f22-92b0-3d22a3dae253";

inline new_memory memory_of(std::string id, std::string content) {
    return {.id = std::move(id),
            .what = {.content = std::move(content)},
            .created_at = test::at("2025-01-08T12:00:00Z")};
}

// All that match, ranked by their text alone.
inline search search_for(std::vector<std::string> words, memory_filter filter = {}) {
    search wanted{.question = {},
                  .filter = std::move(filter),
                  .weights = {.recent = false, .responsibilities = false},
                  .now = test::at("2025-01-08T12:00:00Z"),
                  .limit = 1000};
    for (auto& word : words)
        wanted.question.terms.push_back({std::move(word)});
    return wanted;
}

inline ids ids_of(const std::vector<memory>& memories) {
    ids found;
    for (const auto& m : memories)
        found.push_back(m.id);
    return found;
}

inline ids ids_of(const std::vector<hit>& hits) {
    ids found;
    for (const auto& h : hits)
        found.push_back(h.memory.id);
    return found;
}

class store_fixture {
public:
    explicit store_fixture(sqlite::options how = {}) { open(how); }

    void open(sqlite::options how = {}) {
        store_.reset();
        how.directory = dir.path();
        store_.emplace(loop.get_executor(), clock, how);
    }
    void close() { store_.reset(); }

    sqlite::sqlite_store* operator->() { return &*store_; }

    template <class T>
    T run(awaitable<T> work) {
        return test::run_with_deadline(loop, std::move(work));
    }

    void add(new_memory given) { REQUIRE(run(store_->accept_memory(std::move(given), {}, {}))); }
    void add(std::string id, std::string content) {
        add(memory_of(std::move(id), std::move(content)));
    }
    result<cloud_copy> remove(std::string id, unknown_ids unknown = unknown_ids::are_errors) {
        return run(store_->remove_memory(std::move(id), unknown));
    }
    // In one transaction, as far as they come together; all are in flight at once.
    void add_at_once(int count, const std::string& prefix, const std::string& content) {
        std::vector<std::shared_ptr<test::outcome<result<accepted>>>> started;
        for (int i = 0; i < count; ++i)
            started.push_back(test::start(
                loop,
                store_->accept_memory(memory_of(prefix + std::to_string(i), content), {}, {})));
        for (const auto& one : started)
            REQUIRE(test::finish(loop, one));
    }

    ids matches(std::vector<std::string> words, memory_filter filter = {}) {
        return ids_of(run(store_->find_matches(search_for(std::move(words), std::move(filter)))));
    }
    page list(memory_filter filter = {}) {
        return run(store_->list_memories(std::move(filter), {}, 1000));
    }
    ids listed(memory_filter filter = {}) { return ids_of(list(std::move(filter)).memories); }

    std::string database() const { return dir.file("memories.db"); }

    // Closes the store, having let the index catch up, and looks at the file from outside.
    // "ok": the database is sound and its full-text index holds exactly its memories.
    std::string soundness() {
        matches({"anything"});
        close();
        sqlite::connection db(database(), sqlite::connection::access::read_write);
        std::string verdict;
        {
            auto check = db.prepare("PRAGMA integrity_check");
            while (check.step())
                verdict += check.text(0);
        }
        // The rank makes it compare the index with the memories: sqlite.org/fts5.html, 6.4.
        db.execute("INSERT INTO memories_fts(memories_fts, rank) VALUES('integrity-check', 1)");
        return verdict;
    }

    asio::io_context loop;
    test::temp_dir dir;
    test::fake_clock clock;

private:
    std::optional<sqlite::sqlite_store> store_;
};

}  // namespace memorypro::store
