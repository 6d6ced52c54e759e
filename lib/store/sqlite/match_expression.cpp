#include "store/sqlite/match_expression.hpp"

namespace memorypro::store::sqlite {

std::string match_any(const std::vector<std::string>& words) {
    std::string expression;
    for (const auto& word : words) {
        if (!expression.empty()) expression += " OR ";
        expression += '"';
        for (const char c : word) {
            if (c == '"') expression += '"';
            expression += c;
        }
        expression += '"';
    }
    return expression;
}

}  // namespace memorypro::store::sqlite
