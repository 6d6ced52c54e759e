// backup and restore: the database whole, the one beside a running daemon, the other without.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "base/exit_code.hpp"
#include "cli/data_directory.hpp"
#include "cli/failure.hpp"
#include "cli/files.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "store/sqlite/restore.hpp"

namespace memorypro::cli {

namespace json = boost::json;
namespace sqlite = store::sqlite;

namespace {

// The daemon copies its database before it answers.
constexpr std::chrono::hours longest_copy{1};

std::string held_by(const sqlite::backup_facts& what) {
    const auto waiting =
        what.queued == 0 ? "" : fmt::format(", {} of them in the queue for the cloud", what.queued);
    return fmt::format("{} {}{}", what.memories, what.memories == 1 ? "memory" : "memories",
                       waiting);
}

json::object facts(const sqlite::backup_facts& what) {
    return {{"memories", what.memories}, {"queued", what.queued}, {"schema", what.schema}};
}

// Both read it more than once.
void require_file(const std::string& file) {
    std::error_code absent;
    const auto found = std::filesystem::status(file, absent);
    if (file == "-" || (exists(found) && !is_regular_file(found)))
        throw failure(exit_code::usage, file + " is not a file");
}

// ---- backup ----

struct backup_arguments {
    std::string file;
    bool no_progress = false;
};

void refuse_database_in_use(const std::string& file) {
    std::error_code unknown;
    if (std::filesystem::exists(file + "-wal", unknown))
        throw failure(exit_code::usage, file + " is a database in use, and would be lost");
}

sqlite::backup_facts checked(const std::string& written, const std::string& file) try {
    return sqlite::check_backup(written);
} catch (const sqlite::no_backup& why) {
    throw failure(
        exit_code::internal,
        fmt::format("what has arrived is not sound, {} is as it was: {}", file, why.what()));
}

void back_up(context& shared, const backup_arguments& given) {
    require_file(given.file);
    refuse_database_in_use(given.file);
    sqlite::backup_facts what;
    std::uint64_t bytes = 0;
    {
        drawn_line line(!given.no_progress && stderr_is_terminal());
        line.draw("the daemon makes a copy");
        shared.daemon().allow(longest_copy);
        std::optional<output_file> file;  // another backup may be at work in the same one
        shared.daemon().download(target("/api/v1/backup"), "application/vnd.sqlite3",
                                 [&](std::string_view piece) {
                                     if (!file) file.emplace(given.file);
                                     file->write(piece);
                                     bytes += piece.size();
                                     if (line.is_due()) line.draw(human_bytes(bytes));
                                     return true;
                                 });
        line.draw("checking " + human_bytes(bytes));
        file->commit([&](const std::string& written) { what = checked(written, given.file); });
    }
    if (what.index_emptied)
        std::cerr << "memorypro: the daemon's search index is damaged, and not in the copy; "
                     "'memorypro reindex' builds it again\n";
    if (shared.json) {
        auto document = facts(what);
        document["file"] = given.file;
        document["bytes"] = bytes;
        return shared.print_json(json::serialize(document));
    }
    std::cout << printable(fmt::format("{} in {}, {}, checked", held_by(what), given.file,
                                       human_bytes(bytes)))
              << '\n';
}

// ---- restore ----

struct restore_arguments {
    std::string file;
    data_options data;
};

// A directory that nobody has named is taken only where a daemon has been: else the memories would
// be in a place where it never looks.
std::string directory_to_restore(const context& shared, const restore_arguments& given) {
    const auto daemon = settings_of_daemon(shared, given.data);
    const auto& directory = daemon.settings.data_dir;
    if (given.data.directory && !directory.empty()) return directory;
    if (!daemon.problems.empty())
        throw failure(
            exit_code::configuration,
            "the settings are wrong, --data-dir does without them: " + daemon.problems.front());
    const auto database = directory + "/memories.db";
    if (::access(database.c_str(), F_OK) == 0) return directory;
    if (errno == EACCES)
        throw failure(exit_code::not_permitted,
                      fmt::format("{}: {}", database, std::strerror(errno)));
    throw failure(exit_code::usage, "there is no database in " + directory +
                                        ": name the daemon's directory with --data-dir");
}

sqlite::restored restore_into(const std::string& directory, const std::string& file) try {
    const input_file readable(file);  // before anything is made
    return sqlite::restore_backup(file, sqlite::data_directory(directory));
} catch (const sqlite::directory_in_use&) {
    throw failure(exit_code::try_again,
                  "a memoryprod runs on " + directory + ": stop it first; nothing was changed");
} catch (const sqlite::no_backup& why) {
    throw failure(exit_code::not_valid,
                  fmt::format("{} cannot be restored, nothing was changed: {}", file, why.what()));
} catch (const std::system_error& broken) {
    throw failure(static_cast<exit_code>(memorypro::exit_code_of(broken)), broken.what());
}

void restore(const context& shared, const restore_arguments& given) {
    require_file(given.file);
    const auto directory = directory_to_restore(shared, given);
    const auto done = restore_into(directory, given.file);
    if (shared.json) {
        auto document = facts(done.what);
        document["data_dir"] = directory;
        document["former"] = done.former.empty() ? json::value() : json::value(done.former);
        return shared.print_json(json::serialize(document));
    }
    std::cout << printable(fmt::format("{} restored to {}", held_by(done.what), directory)) << '\n';
    if (!done.former.empty())
        std::cout << printable("the former database is kept: " + done.former) << '\n';
}

}  // namespace

void add_backup_verbs(CLI::App& app, context& shared) {
    auto& backup = add_verb(app, "backup", "Copy the database of the running daemon, and check it",
                            "  memorypro backup /backup/memories.db\n");
    auto backing_up = std::make_shared<backup_arguments>();
    backup.add_option("file", backing_up->file, "Where to; replaced when the copy is sound")
        ->type_name("FILE")
        ->required();
    backup.add_flag("--no-progress", backing_up->no_progress, "No progress on the terminal");
    backup.callback([&shared, backing_up] { back_up(shared, *backing_up); });

    auto& back =
        add_verb(app, "restore", "Put a backup in the place of a stopped daemon's database",
                 "  systemctl stop memoryprod.socket memoryprod-webhook.socket memoryprod.service\n"
                 "  memorypro restore /backup/memories.db\n"
                 "  memorypro restore memories.db --data-dir ~/.local/state/memorypro\n");
    auto restoring = std::make_shared<restore_arguments>();
    back.add_option("file", restoring->file, "What backup made")->type_name("FILE")->required();
    restoring->data.add_to(back);
    back.callback([&shared, restoring] { restore(shared, *restoring); });
}

}  // namespace memorypro::cli
