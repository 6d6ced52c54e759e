#include "store/sqlite/soundness.hpp"

namespace memorypro::store::sqlite {

// It has the name of each virtual table and of the tables below it, and no text of a row.
bool is_about_text_index(std::string_view verdict) {
    return verdict.find("memories_fts") != std::string_view::npos ||
           verdict.find("evolution_fts") != std::string_view::npos;
}

soundness judge(const std::vector<std::string>& verdicts) {
    if (verdicts.empty()) return {.damage = "no verdict", .index_damage = {}};
    soundness found;
    for (const auto& verdict : verdicts) {
        if (verdict == "ok") continue;
        auto& first = is_about_text_index(verdict) ? found.index_damage : found.damage;
        if (first.empty()) first = verdict;
    }
    return found;
}

soundness check_soundness(connection& db, sql pragma) {
    std::vector<std::string> verdicts;
    statement check = db.prepare(pragma);
    while (check.step())
        verdicts.push_back(check.text(0));
    return judge(verdicts);
}

}  // namespace memorypro::store::sqlite
