#include "store/sqlite/search_index.hpp"

#include <algorithm>

#include "store/sqlite/matches.hpp"
#include "store/sqlite/passages.hpp"
#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {
namespace {

// With what is around them up to seven times as many memories are ranked.
constexpr std::size_t matches_for_each = 4;  // memory that is asked for
constexpr std::size_t least_matches = 48;
constexpr std::size_t enough_matches = 224;
constexpr std::size_t most_recalled_bytes = 16 << 20;

std::size_t matches_for(std::size_t limit) {
    return std::clamp(matches_for_each * limit, least_matches, std::max(enough_matches, limit));
}

}  // namespace

std::vector<hit> search_index(connection& db, const search& wanted) {
    auto found = find_matches(db, wanted, matches_for(wanted.limit));
    const auto passages = passages_around(db, std::move(found.best), wanted);
    const auto ranking = recall::rank(wanted.question, found.of_all, passages,
                                      {.weights = wanted.weights,
                                       .now = wanted.now,
                                       .limit = wanted.limit,
                                       .min_score = wanted.min_score});
    std::vector<hit> hits;
    std::size_t bytes = 0;
    for (const auto& next : ranking) {
        auto row = find_by_seq(db, next.seq);
        if (!row) throw std::logic_error("a row vanished within a read transaction");
        bytes += row->what.content.size();
        hits.push_back({std::move(*row), next.signals, next.score});
        if (bytes >= most_recalled_bytes) break;
    }
    return hits;
}

}  // namespace memorypro::store::sqlite
