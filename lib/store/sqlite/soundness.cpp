#include "store/sqlite/soundness.hpp"

namespace memorypro::store::sqlite {
namespace {

// Pages that are damaged come in one row, a line each below a title.
std::string first_line(std::string_view verdict) {
    const auto title = verdict.starts_with("***") ? verdict.find('\n') : verdict.npos;
    if (title != verdict.npos) verdict.remove_prefix(title + 1);
    return std::string(verdict.substr(0, verdict.find('\n')));
}

}  // namespace

// It has the name of each virtual table and of the tables below it, and no text of a row; where
// FTS5 does not know its own format it has no name.
bool is_about_text_index(std::string_view verdict) {
    return verdict.find("memories_fts") != std::string_view::npos ||
           verdict.find("evolution_fts") != std::string_view::npos ||
           verdict.find("invalid fts5 file format") != std::string_view::npos;
}

bool is_about_text_index(const sqlite_error& failure) {
    return failure.damaged_index() || is_about_text_index(failure.what());
}

soundness judge(const std::vector<std::string>& verdicts) {
    if (verdicts.empty()) return {.damage = "no verdict", .index_damage = {}};
    soundness found;
    for (const auto& verdict : verdicts) {
        if (verdict == "ok") continue;
        auto& first = is_about_text_index(verdict) ? found.index_damage : found.damage;
        if (first.empty()) first = first_line(verdict);
    }
    return found;
}

soundness check_soundness(connection& db, sql pragma) try {
    std::vector<std::string> verdicts;
    statement check = db.prepare(pragma);
    while (check.step())
        verdicts.push_back(check.text(0));
    return judge(verdicts);
} catch (const sqlite_error& failure) {
    if (!is_about_text_index(failure)) throw;
    return {.damage = {}, .index_damage = failure.what()};
}

}  // namespace memorypro::store::sqlite
