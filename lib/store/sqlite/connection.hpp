// SQLite without its C: one connection, its prepared statements, failures as exceptions.
//
// A connection belongs to one thread at a time, and outlives its statements.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/time.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace memorypro::store::sqlite {

// Carries SQLite's extended result code.
class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int code, const std::string& message);
    int code() const { return code_; }
    bool no_space() const;       // the disk, the file's bound or a quota is full
    bool busy() const;           // locked by another process, or interrupted at the end of its time
    bool unsynced() const;       // the disk did not confirm what was written
    bool damaged() const;        // not a database, or a corrupt one
    bool damaged_index() const;  // of texts

private:
    int code_;
};

// One use of a prepared statement: bind in order, step, read columns. Resets itself at the end.
// Bound texts must live until the last step.
class statement {
public:
    enum class lifetime { cached, once };
    statement(sqlite3_stmt* prepared, lifetime l) : prepared_(prepared), lifetime_(l) {}
    statement(statement&& other) noexcept
        : prepared_(std::exchange(other.prepared_, nullptr)),
          lifetime_(other.lifetime_),
          next_(other.next_) {}
    statement& operator=(statement&&) = delete;
    ~statement();

    statement& bind(std::int64_t);
    statement& bind(std::string_view);
    statement& bind(const std::string& text) { return bind(std::string_view(text)); }
    statement& bind(const std::optional<std::string>&);  // none is NULL
    statement& bind(const std::optional<std::int64_t>&);
    statement& bind(timestamp);  // as microseconds since 1970
    statement& bind(const std::optional<timestamp>&);
    statement& bind_json(const std::string&);  // empty is NULL

    bool step();  // false: no more rows
    void run() {
        while (step()) {
        }
    }

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;        // NULL is empty
    std::string_view bytes(int column) const;  // of a text or blob, until the next step
    std::optional<std::string> optional_text(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;
    timestamp time(int column) const;
    std::optional<timestamp> optional_time(int column) const;
    std::size_t row_bytes() const;  // of its texts

private:
    sqlite3_stmt* prepared_;
    lifetime lifetime_;
    int next_ = 1;
};

// The text of a statement, as a literal: its address is enough to find it prepared.
class sql {
public:
    template <std::size_t N>
    consteval explicit(false) sql(const char (&text)[N]) : text_(text, N - 1) {}
    std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

// What every connection of the store is set to.
inline constexpr auto connection_settings =
    "PRAGMA cache_size = -6144; PRAGMA busy_timeout = 5000;";

class connection {
public:
    enum class access { read_write, read_only };

    // Creates the file when it may write. Throws sqlite_error.
    connection(const std::string& path, access);
    ~connection();
    connection(connection&& other) noexcept
        : db_(std::exchange(other.db_, nullptr)),
          deadline_(std::move(other.deadline_)),
          literals_(std::move(other.literals_)),
          composed_(std::move(other.composed_)) {}
    connection& operator=(connection&&) = delete;

    statement prepare(sql);
    // For a composed text. All are prepared once, up to a bound that only these can reach.
    statement prepare_composed(const std::string& text);

    void execute(const std::string& sql);  // any number of statements, no rows wanted
    std::int64_t integer(sql);             // first column of the first row; 0 without one

    bool in_transaction() const;

    // A statement that still runs then is interrupted (`busy`), as soon as SQLite looks: never
    // within the making of one value. Who does more with a row than to read it asks as well.
    void set_deadline(std::chrono::steady_clock::time_point);
    void check_deadline() const;  // throws what interrupts a statement
    std::int64_t changes() const;
    std::int64_t last_rowid() const;  // of the last row that was inserted
    sqlite3* handle() { return db_; }

private:
    sqlite3_stmt* compile(std::string_view text, bool keep);

    sqlite3* db_ = nullptr;
    // On the heap: SQLite keeps its address while the connection moves.
    std::unique_ptr<std::chrono::steady_clock::time_point> deadline_;
    std::unordered_map<const char*, sqlite3_stmt*> literals_;
    std::unordered_map<std::string, sqlite3_stmt*> composed_;
};

}  // namespace memorypro::store::sqlite
