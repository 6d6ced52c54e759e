// Whether a database is sound, by SQLite's own checks.
//
// From 3.44 they look into the text indexes too. What is wrong there is told apart: these hold
// nothing of their own, and can be built again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

struct soundness {
    std::string damage;        // what is wrong first; empty: nothing
    std::string index_damage;  // the same of the text indexes
};

// Of one row of the check, or of what any other statement failed with.
bool is_about_text_index(std::string_view verdict);
bool is_about_text_index(const sqlite_error&);

soundness judge(const std::vector<std::string>& verdicts);

// By PRAGMA quick_check or integrity_check. A text index may be damaged so that SQLite gives the
// check up: what else is wrong is known once it was built again.
soundness check_soundness(connection&, sql pragma);

}  // namespace memorypro::store::sqlite
