#include "store/sqlite/scope_tokens.hpp"

namespace memorypro::store::sqlite {

// The digit at the end is what no stemmer takes for a suffix, as it may "ed".
std::string scope_token(scope which, const std::string& value) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string token(1, which == scope::user ? 'u' : which == scope::agent ? 'a' : 's');
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        token += digits[byte >> 4];
        token += digits[byte & 15];
    }
    return token + '0';
}

std::string scope_tokens(const memory_content& what) {
    std::string tokens;
    const auto add = [&tokens](scope which, const std::optional<std::string>& value) {
        if (!value) return;
        if (!tokens.empty()) tokens += ' ';
        tokens += scope_token(which, *value);
    };
    add(scope::user, what.user_id);
    add(scope::agent, what.agent_id);
    add(scope::session, what.session_id);
    return tokens;
}

}  // namespace memorypro::store::sqlite
