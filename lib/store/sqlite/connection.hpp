// SQLite without its C: one connection, its prepared statements, failures as exceptions.
//
// A connection belongs to one thread at a time, and outlives its statements.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace memorypro::store::sqlite {

// Carries SQLite's extended result code.
class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int code, const std::string& message);
    int code() const { return code_; }
    bool no_space() const;  // the disk, the file's bound or a quota is full
    bool damaged() const;   // not a database, or a corrupt one

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
    statement& bind(const std::optional<std::string>&);
    statement& bind_json(const std::string&);  // empty is NULL

    bool step();  // false: no more rows
    void run() {
        while (step()) {
        }
    }

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;  // NULL is empty
    std::optional<std::string> optional_text(int column) const;

private:
    sqlite3_stmt* prepared_;
    lifetime lifetime_;
    int next_ = 1;
};

class connection {
public:
    enum class access { read_write, read_only };

    // Creates the file when it may write. Throws sqlite_error.
    connection(const std::string& path, access);
    ~connection();
    connection(connection&& other) noexcept
        : db_(std::exchange(other.db_, nullptr)), statements_(std::move(other.statements_)) {}
    connection& operator=(connection&&) = delete;

    // Prepared once for the connection's life, up to a bound that only composed texts can reach.
    statement prepare(std::string_view sql);

    void execute(const std::string& sql);  // any number of statements, no rows wanted
    std::int64_t integer(std::string_view sql);  // first column of the first row; 0 without one

    bool in_transaction() const;
    std::int64_t changes() const;
    sqlite3* handle() { return db_; }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    sqlite3* db_ = nullptr;
    std::unordered_map<std::string, sqlite3_stmt*, hash, std::equal_to<>> statements_;
};

}  // namespace memorypro::store::sqlite
