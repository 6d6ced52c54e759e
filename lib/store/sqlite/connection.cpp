#include "store/sqlite/connection.hpp"

#include <sqlite3.h>

namespace memorypro::store::sqlite {

sqlite_error::sqlite_error(int code, const std::string& message)
    : std::runtime_error(message + " (SQLite " + std::to_string(code) + ")"), code_(code) {}

bool sqlite_error::no_space() const {
    // A quota or a file size limit shows as a failed write, a full disk as FULL.
    return (code_ & 0xff) == SQLITE_FULL || code_ == SQLITE_IOERR_WRITE ||
           code_ == SQLITE_IOERR_SHMSIZE;
}

bool sqlite_error::busy() const {
    return (code_ & 0xff) == SQLITE_BUSY || (code_ & 0xff) == SQLITE_INTERRUPT;
}

bool sqlite_error::unsynced() const {
    return code_ == SQLITE_IOERR_FSYNC || code_ == SQLITE_IOERR_DIR_FSYNC;
}

bool sqlite_error::damaged() const {
    return (code_ & 0xff) == SQLITE_CORRUPT || (code_ & 0xff) == SQLITE_NOTADB;
}
// FTS5 says so of what it keeps, and nothing else here does.
bool sqlite_error::damaged_index() const {
    return code_ == SQLITE_CORRUPT_VTAB;
}

namespace {

constexpr std::size_t most_composed = 128;

void check(sqlite3* db, int code) {
    if (code != SQLITE_OK) throw sqlite_error(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
}

}  // namespace

statement::~statement() {
    if (lifetime_ == lifetime::once) {
        sqlite3_finalize(prepared_);
    } else if (prepared_) {
        sqlite3_reset(prepared_);
        sqlite3_clear_bindings(prepared_);
    }
}

statement& statement::bind(std::int64_t value) {
    check(sqlite3_db_handle(prepared_), sqlite3_bind_int64(prepared_, next_++, value));
    return *this;
}

statement& statement::bind(std::string_view text) {
    check(sqlite3_db_handle(prepared_),
          sqlite3_bind_text64(prepared_, next_++, text.data() ? text.data() : "", text.size(),
                              SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

statement& statement::bind(const std::optional<std::string>& text) {
    if (text) return bind(std::string_view(*text));
    ++next_;  // unbound is NULL
    return *this;
}

statement& statement::bind(const std::optional<std::int64_t>& value) {
    if (value) return bind(*value);
    ++next_;
    return *this;
}

statement& statement::bind(timestamp at) {
    return bind(std::int64_t{at.time_since_epoch().count()});
}

statement& statement::bind(const std::optional<timestamp>& at) {
    if (at) return bind(*at);
    ++next_;
    return *this;
}

statement& statement::bind_json(const std::string& text) {
    if (!text.empty()) return bind(std::string_view(text));
    ++next_;
    return *this;
}

bool statement::step() {
    const int code = sqlite3_step(prepared_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3* db = sqlite3_db_handle(prepared_);
    throw sqlite_error(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
}

std::int64_t statement::integer(int column) const {
    return sqlite3_column_int64(prepared_, column);
}

double statement::real(int column) const {
    return sqlite3_column_double(prepared_, column);
}

std::string statement::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared_, column));
    if (!text) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

std::string_view statement::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(prepared_, column));
    if (!data) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

std::optional<std::string> statement::optional_text(int column) const {
    if (sqlite3_column_type(prepared_, column) == SQLITE_NULL) return std::nullopt;
    return text(column);
}

std::optional<std::int64_t> statement::optional_integer(int column) const {
    if (sqlite3_column_type(prepared_, column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
}

timestamp statement::time(int column) const {
    return timestamp(std::chrono::microseconds(integer(column)));
}

std::optional<timestamp> statement::optional_time(int column) const {
    if (sqlite3_column_type(prepared_, column) == SQLITE_NULL) return std::nullopt;
    return time(column);
}

std::size_t statement::row_bytes() const {
    std::size_t sum = 0;
    for (int column = 0; column < sqlite3_data_count(prepared_); ++column)
        if (sqlite3_column_type(prepared_, column) == SQLITE_TEXT)
            sum += static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column));
    return sum;
}

connection::connection(const std::string& path, access mode) {
    const int flags = SQLITE_OPEN_NOMUTEX |
                      (mode == access::read_only ? SQLITE_OPEN_READONLY
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    const int code = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
    if (code != SQLITE_OK) {
        const std::string message = db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
        sqlite3_close(db_);
        throw sqlite_error(code, path + ": " + message);
    }
    sqlite3_extended_result_codes(db_, 1);
    // Where the root file system is read-only, a temporary file has no place.
    sqlite3_exec(db_, "PRAGMA temp_store = MEMORY", nullptr, nullptr, nullptr);
}

connection::~connection() {
    for (auto& [text, prepared] : literals_)
        sqlite3_finalize(prepared);
    for (auto& [text, prepared] : composed_)
        sqlite3_finalize(prepared);
    sqlite3_close(db_);
}

sqlite3_stmt* connection::compile(std::string_view text, bool keep) {
    sqlite3_stmt* prepared = nullptr;
    check(db_, sqlite3_prepare_v3(db_, text.data(), static_cast<int>(text.size()),
                                  keep ? SQLITE_PREPARE_PERSISTENT : 0, &prepared, nullptr));
    return prepared;
}

statement connection::prepare(sql literal) {
    auto& prepared = literals_[literal.text().data()];
    if (!prepared) prepared = compile(literal.text(), true);
    return {prepared, statement::lifetime::cached};
}

statement connection::prepare_composed(const std::string& text) {
    if (const auto found = composed_.find(text); found != composed_.end())
        return {found->second, statement::lifetime::cached};
    if (composed_.size() >= most_composed) return {compile(text, false), statement::lifetime::once};
    return {composed_[text] = compile(text, true), statement::lifetime::cached};
}

void connection::execute(const std::string& sql) {
    check(db_, sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t connection::integer(sql text) {
    statement query = prepare(text);
    return query.step() ? query.integer(0) : 0;
}

void connection::set_deadline(std::chrono::steady_clock::time_point at) {
    constexpr int steps_between_checks = 1000;  // of SQLite's virtual machine: some 40 matches
    if (!deadline_) {
        deadline_ = std::make_unique<std::chrono::steady_clock::time_point>();
        sqlite3_progress_handler(
            db_, steps_between_checks,
            [](void* deadline) {
                const auto& until = *static_cast<std::chrono::steady_clock::time_point*>(deadline);
                return std::chrono::steady_clock::now() > until ? 1 : 0;
            },
            deadline_.get());
    }
    *deadline_ = at;
}

void connection::check_deadline() const {
    if (deadline_ && std::chrono::steady_clock::now() > *deadline_)
        throw sqlite_error(SQLITE_INTERRUPT, sqlite3_errstr(SQLITE_INTERRUPT));
}

bool connection::in_transaction() const {
    return sqlite3_get_autocommit(db_) == 0;
}

std::int64_t connection::changes() const {
    return sqlite3_changes64(db_);
}

std::int64_t connection::last_rowid() const {
    return sqlite3_last_insert_rowid(db_);
}

}  // namespace memorypro::store::sqlite
