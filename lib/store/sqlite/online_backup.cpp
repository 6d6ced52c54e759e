#include "store/sqlite/online_backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace memorypro::store::sqlite {
namespace {

constexpr int pages_at_once = 1024;  // 4 MiB: a moment, after which the client may be gone
constexpr std::size_t piece_size = 256 << 10;
// What stores may need while the copy is there.
constexpr std::uint64_t left_to_stores = 64 << 20;

[[noreturn]] void throw_errno(const std::string& path) {
    throw std::system_error(errno, std::generic_category(), path);
}

[[noreturn]] void fail_for_lack_of_room() {
    throw failed(
        {errc::full,
         "there is no room for a backup: it is copied beside the database first, and takes "
         "as much room again until it was sent"});
}

void require_room(const std::string& directory, std::uint64_t bytes) {
    struct statvfs space{};
    if (::statvfs(directory.c_str(), &space) != 0) throw_errno(directory);
    const auto room = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
    if (room < bytes + left_to_stores) fail_for_lack_of_room();
}

}  // namespace

void online_backup::end_of_copying::operator()(sqlite3_backup* copying) const {
    sqlite3_backup_finish(copying);
}

online_backup::online_backup(executor loop, const data_directory& of)
    : copy_path_(of.unfinished_backup_path()),
      source_(of.database_path(), connection::access::read_write),  // as every reader of a WAL
      worker_(std::move(loop), "backup", [this](batch& jobs) {
          for (auto& next : jobs)
              run_alone(*next, source_);
      }) {
    // It may be the last to close the database, when the directory's lock is gone.
    sqlite3_db_config(source_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

online_backup::~online_backup() {
    if (has_name_) ::unlink(copy_path_.c_str());
}

awaitable<result<bool>> online_backup::copy_some() {
    return worker_.submit(effect::reads, [this](connection&) -> result<bool> { return copy(); });
}

awaitable<std::string> online_backup::read_some() {
    return worker_.submit(effect::reads, [this](connection&) { return read(); });
}

awaitable<> online_backup::discard() {
    co_await worker_.submit(effect::reads, [this](connection&) {
        free_room();
        return true;
    });
}

bool online_backup::copy() try {
    if (!copying_) begin();
    const int code = sqlite3_backup_step(copying_.get(), pages_at_once);
    if (code == SQLITE_OK) return true;
    if (code != SQLITE_DONE) throw sqlite_error(code, sqlite3_errstr(code));
    finish();
    return false;
} catch (const sqlite_error& failure) {
    if (failure.no_space()) fail_for_lack_of_room();
    throw;
}

void online_backup::begin() {
    source_.execute(std::string(connection_settings) + "PRAGMA query_only = ON; BEGIN;");
    const auto pages = source_.integer("PRAGMA page_count");  // begins to read
    const auto bytes = pages * source_.integer("PRAGMA page_size");
    require_room(copy_path_.substr(0, copy_path_.rfind('/')), static_cast<std::uint64_t>(bytes));

    // Private from the beginning, whatever the umask.
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    has_name_ = descriptor(::open(copy_path_.c_str(), flags, 0600)).is_open();
    if (!has_name_) throw_errno(copy_path_);
    target_.emplace(copy_path_, connection::access::read_write);
    // A crash leaves nothing to be repaired: then there is no copy.
    target_->execute(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
        "PRAGMA locking_mode = EXCLUSIVE;");
    copying_.reset(sqlite3_backup_init(target_->handle(), "main", source_.handle(), "main"));
    if (!copying_)
        throw sqlite_error(sqlite3_extended_errcode(target_->handle()),
                           sqlite3_errmsg(target_->handle()));
}

void online_backup::finish() {
    copying_.reset();
    source_.execute("ROLLBACK");
    target_->execute("PRAGMA journal_mode = DELETE");  // else the file asks for a WAL beside it
    target_.reset();
    copied_ = descriptor(::open(copy_path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!copied_.is_open()) throw_errno(copy_path_);
    if (::unlink(copy_path_.c_str()) != 0) throw_errno(copy_path_);
    has_name_ = false;
}

std::string online_backup::read() {
    std::string piece(piece_size, '\0');
    const auto got = ::read(copied_.get(), piece.data(), piece.size());
    if (got < 0) throw_errno(copy_path_);
    piece.resize(static_cast<std::size_t>(got));
    return piece;
}

void online_backup::free_room() {
    if (std::exchange(has_name_, false)) ::unlink(copy_path_.c_str());
    copying_.reset();
    target_.reset();
    copied_ = {};
}

}  // namespace memorypro::store::sqlite
