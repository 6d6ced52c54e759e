// What SQLite itself does on the same file system, called in this process: the floor under a
// durable store, and plain FTS5 beside recall.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "workload.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace memorypro::bench {

// Failures throw std::runtime_error.
class database {
public:
    explicit database(const std::filesystem::path& file);
    void execute(const char* sql);

protected:
    struct close {
        void operator()(sqlite3*) const;
        void operator()(sqlite3_stmt*) const;
    };
    using statement = std::unique_ptr<sqlite3_stmt, close>;

    statement prepare(const char* sql);
    void bind(const statement&, int index, std::string_view text);
    bool step(const statement&);  // true while there is a row; resets it after the last

private:
    std::unique_ptr<sqlite3, close> connection_;
};

// One insert a transaction: WAL, synchronous=FULL.
class raw_sqlite : public database {
public:
    explicit raw_sqlite(const std::filesystem::path& file);
    void insert(std::string_view body);

private:
    statement insert_;
};

// An FTS5 table `porter unicode61` with a user column that is not indexed, and SQLite's defaults.
class plain_fts5 : public database {
public:
    explicit plain_fts5(const std::filesystem::path& file);
    void fill(const vocabulary&, std::uint64_t memories, const std::function<void()>& each);

    // The five best of `a OR b OR c`; returns how many there were.
    std::size_t search(const sample_query&);
    std::size_t search_of_user(const sample_query&);

private:
    std::size_t count_rows(const statement&);

    statement search_;
    statement search_of_user_;
};

std::string sqlite_version();

}  // namespace memorypro::bench
