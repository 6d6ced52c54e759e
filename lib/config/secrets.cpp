#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "config/files.hpp"
#include "config/load.hpp"

namespace memorypro::config {
namespace {

constexpr std::size_t largest_secret_file = std::size_t{1} << 16;

// The newline is the editor's, not the secret's.
std::string without_newline(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return text;
}

void set_secret(draft& made, const key& entry, const result<file_text>& file, std::string_view name,
                const std::string& place) {
    made.places[std::string(entry.name)] = place;
    if (!file) {
        made.problems.push_back(about(name, place, file.error().detail));
        return;
    }
    if (file->readable_by_all)
        made.warnings.push_back(
            about(name, place, fmt::format("others can read the file (mode {:04o})", file->mode)));
    const std::string text = without_newline(file->text);
    const std::string wrong =
        text.empty() ? "the file is empty" : entry.value.set(made.settings, text);
    if (!wrong.empty()) made.problems.push_back(about(name, place, wrong));
}

// What nobody else has put there.
bool is_own_directory(const std::string& path) {
    struct stat found{};
    return ::lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode) &&
           (found.st_uid == 0 || found.st_uid == ::geteuid()) &&
           (found.st_mode & (S_IWGRP | S_IWOTH)) == 0 && ::access(path.c_str(), X_OK) == 0;
}

// Where systemd has put them; without it, where the packaged unit takes them from, so that root
// sees what the service has.
std::string credentials_directory(const values& environment, const std::string& settings_file) {
    const auto named = environment.find("CREDENTIALS_DIRECTORY");
    if (named != environment.end() && !named->second.empty()) return named->second;
    auto beside = (std::filesystem::path(settings_file).parent_path() / "credentials").string();
    return is_own_directory(beside) ? beside : std::string();
}

}  // namespace

void set_secret_from_file(draft& made, const key& entry, const std::string& path,
                          const std::string& name, const std::string& place) {
    if (!path.empty()) {
        set_secret(made, entry, read_small_file(path, largest_secret_file), name, place);
        return;
    }
    made.places[std::string(entry.name)] = place;
    made.problems.push_back(about(name, place, "must not be empty"));
}

// The lowest source of a secret: a credential comes with the unit (systemd.exec(5), CREDENTIALS),
// as a default does with the program. Whoever sets the key by name in file or environment means to
// replace it. LoadCredential= of a directory puts its own name, which a unit calls memorypro, and _
// before those of the files.
void set_secret_from_credentials(draft& made, const key& entry, const values& environment,
                                 const std::string& settings_file) {
    const std::string directory = credentials_directory(environment, settings_file);
    if (directory.empty()) return;
    for (const std::string_view of_unit : {"", "memorypro_"}) {
        const std::string credential = fmt::format("{}{}", of_unit, entry.credential);
        const auto file = read_small_file(directory + '/' + credential, largest_secret_file);
        if (!file && file.error().code == errc::not_found) continue;
        set_secret(made, entry, file, entry.name, "credential " + credential);
        return;
    }
}

}  // namespace memorypro::config
