#include "store/sqlite/restore.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/descriptor.hpp"
#include "base/time.hpp"

namespace memorypro::store::sqlite {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path) {
    throw std::system_error(errno, std::generic_category(), path);
}

descriptor opened(const std::string& path, int flags) {
    descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
    if (!file.is_open()) fail(path);
    return file;
}

void write_all(const descriptor& to, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto written = ::write(to.get(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) fail(path);
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

// On the disk when it returns.
void copy_into(const data_directory& directory, const std::string& from, const std::string& to) {
    const auto source = opened(from, O_RDONLY);
    const auto target = opened(to, O_WRONLY | O_CREAT | O_EXCL);
    directory.give_to_owner(target.get(), to);
    std::vector<char> piece(1 << 20);
    while (true) {
        const auto got = ::read(source.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(from);
        if (got == 0) break;
        write_all(target, {piece.data(), static_cast<std::size_t>(got)}, to);
    }
    if (::fsync(target.get()) != 0) fail(to);
}

void remove_database(const std::string& path) {
    for (const char* part : {"", "-wal", "-shm", "-journal"})
        fs::remove(path + part);
}

// What is committed and not in the database's file yet would be lost without a word.
void refuse_with_wal(const std::string& file) {
    std::error_code none;
    const auto bytes = fs::file_size(file + "-wal", none);
    if (!none && bytes > 0)
        throw no_backup("beside it is " + file +
                        "-wal, a part of it that is not in the file: it "
                        "is a database in use, or the copy of one. Make a file of both with: "
                        "sqlite3 " +
                        file + " \".backup copy.db\"");
}

// The same whenever it is asked for, so that a rename that a crash came before finds the others.
std::string former_path(const data_directory& directory) {
    struct stat found{};
    const auto decided = directory.decided_restore_path();
    if (::stat(decided.c_str(), &found) != 0) fail(decided);
    const std::chrono::nanoseconds parts(found.st_mtim.tv_nsec);
    auto when = format_time(timestamp(std::chrono::seconds(found.st_mtim.tv_sec) +
                                      floor<std::chrono::microseconds>(parts)));
    std::erase_if(when, [](char c) { return c == '-' || c == ':'; });
    return directory.database_path() + ".before-restore-" + when;
}

// Each step may be the last before a crash, and is then not done again. Empty: there was no
// database.
std::string finish_restore(const data_directory& directory) {
    const auto database = directory.database_path();
    const auto former = former_path(directory);
    fs::remove(database + "-shm");
    for (const char* part : {"-wal", "-journal", ""})
        if (fs::exists(database + part)) fs::rename(database + part, former + part);
    directory.sync();  // or a power loss may leave the former WAL beside the new database
    fs::rename(directory.decided_restore_path(), database);
    directory.sync();
    return fs::exists(former) ? former : std::string();
}

}  // namespace

restored restore_backup(const std::string& file, const data_directory& directory) {
    tidy_up(directory);
    refuse_with_wal(file);
    const auto copy = directory.unfinished_restore_path();
    restored done;
    try {
        copy_into(directory, file, copy);
        done.what = check_backup(copy);
    } catch (...) {
        remove_database(copy);
        throw;
    }
    fs::rename(copy, directory.decided_restore_path());
    directory.sync();
    done.former = finish_restore(directory);
    tidy_up(directory);
    return done;
}

void tidy_up(const data_directory& directory) {
    remove_database(directory.unfinished_backup_path());
    remove_database(directory.unfinished_restore_path());
    if (fs::exists(directory.decided_restore_path())) finish_restore(directory);
}

}  // namespace memorypro::store::sqlite
