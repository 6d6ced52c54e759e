#include "store/sqlite/matches.hpp"

#include <algorithm>

#include "recall/bm25.hpp"
#include "store/sqlite/filter.hpp"
#include "store/sqlite/match_expression.hpp"
#include "store/sqlite/occurrences.hpp"

namespace memorypro::store::sqlite {
namespace {

// Of words that so many memories hold, the newest are looked at.
constexpr std::int64_t most_matches = 1 << 18;
// A user, agent or session with more is taken to be everybody: counting them would take long, and
// how rare a word is changes with the logarithm.
constexpr std::int64_t most_counted = 1 << 13;

// The occurrences of many matches, one behind the other.
struct found_match {
    std::int64_t seq = 0;
    double score = 0;
    std::uint32_t length = 0;
    std::uint32_t occurrences = 0;  // how many
    std::size_t begin = 0;          // of them
};

class gathering {
public:
    explicit gathering(const recall::question& asked)
        : says_nothing_(asked.terms.size(), false), holding_(asked.terms.size(), 0) {
        for (std::size_t term = 0; term < asked.terms.size(); ++term)
            for (std::size_t form = 0; form < asked.terms[term].size(); ++form)
                term_of_.push_back(static_cast<std::uint8_t>(term));
    }

    void add(std::int64_t seq, const match_shape& shape) {
        found_match next{.seq = seq, .length = shape.length, .begin = occurrences_.size()};
        for (auto one : shape.phrases) {
            one.term = term_of_[one.term];
            if (one.count > 0)
                add(next, one);
            else
                says_nothing_[one.term] = true;
        }
        for (std::size_t i = next.begin; i < occurrences_.size(); ++i)
            ++holding_[occurrences_[i].term];
        lengths_ += next.length;
        found_.push_back(next);
    }

    matches best(std::size_t most, std::int64_t memories) {
        matches made{.best = {},
                     .of_all = {.memories = memories, .holding = {}, .average_length = 1}};
        for (std::size_t i = 0; i < holding_.size(); ++i)
            made.of_all.holding.push_back(says_nothing_[i] ? std::nullopt
                                                           : std::optional(holding_[i]));
        if (lengths_ > 0)
            made.of_all.average_length =
                static_cast<double>(lengths_) / static_cast<double>(found_.size());
        keep_best(most, made.of_all);
        for (const auto& one : found_) {
            const auto begin = occurrences_.begin() + static_cast<std::ptrdiff_t>(one.begin);
            made.best.push_back({one.seq, one.length, {begin, begin + one.occurrences}});
        }
        return made;
    }

private:
    // Forms of one term count as one.
    void add(found_match& to, const recall::occurrence& one) {
        const auto begin = occurrences_.begin() + static_cast<std::ptrdiff_t>(to.begin);
        const auto same = std::find_if(begin, occurrences_.end(), [&one](const auto& known) {
            return known.term == one.term;
        });
        if (same == occurrences_.end()) {
            occurrences_.push_back(one);
            ++to.occurrences;
        } else {
            same->count = static_cast<std::uint16_t>(std::min(same->count + one.count, 0xffff));
        }
    }

    void keep_best(std::size_t most, const recall::statistics& known) {
        for (auto& one : found_)
            for (std::size_t i = 0; i < one.occurrences; ++i) {
                const auto& occurrence = occurrences_[one.begin + i];
                one.score += recall::rarity(known.memories, holding_[occurrence.term]) *
                             recall::saturation(occurrence.count, one.length, known.average_length);
            }
        if (found_.size() > most) {
            std::ranges::nth_element(found_, found_.begin() + static_cast<std::ptrdiff_t>(most),
                                     [](const auto& a, const auto& b) {
                                         return a.score != b.score ? a.score > b.score
                                                                   : a.seq > b.seq;
                                     });
            found_.resize(most);
        }
        std::ranges::sort(found_, {}, &found_match::seq);
    }

    std::vector<std::uint8_t> term_of_;  // each phrase
    std::vector<bool> says_nothing_;
    std::vector<std::int64_t> holding_;
    std::vector<recall::occurrence> occurrences_;
    std::vector<found_match> found_;
    std::uint64_t lengths_ = 0;
};

std::vector<std::string> phrases_of(const recall::question& asked) {
    std::vector<std::string> phrases;
    for (const auto& term : asked.terms)
        phrases.insert(phrases.end(), term.begin(), term.end());
    return phrases;
}

// About how many memories there are to search.
std::int64_t count_searched(connection& db, const memory_filter& wanted) {
    const filter_sql filter(wanted);
    std::int64_t scoped = most_counted;
    if (filter.scoped()) {
        statement count = db.prepare(
            "SELECT count(*) FROM"
            " (SELECT 1 FROM memory_scopes WHERE scope = ? AND value = ? LIMIT ?)");
        filter.bind_from(count);
        count.bind(most_counted);
        if (count.step()) scoped = count.integer(0);
    }
    return scoped < most_counted ? scoped : db.integer("SELECT max(seq) FROM memories");
}

}  // namespace

matches find_matches(connection& db, const search& wanted, std::size_t most) {
    const filter_sql filter(wanted.filter);
    const auto phrases = phrases_of(wanted.question);
    const std::string expression = match_any(phrases);
    // CROSS JOIN keeps the order: the text index first, then the row.
    statement query = db.prepare_composed(
        "SELECT m.seq, occurrences(memories_fts)"
        " FROM memories_fts CROSS JOIN memories AS m ON m.seq = memories_fts.rowid"
        " WHERE memories_fts MATCH ? AND " +
        filter.conditions() + (wanted.unsynced_only ? " AND m.sync_state <> 1" : "") +
        " ORDER BY memories_fts.rowid DESC LIMIT ?");
    query.bind(expression);
    filter.bind(query);
    query.bind(most_matches);

    gathering all(wanted.question);
    match_shape shape;
    while (query.step()) {
        read_occurrences(query.bytes(1), shape);
        all.add(query.integer(0), shape);
    }
    return all.best(most, count_searched(db, wanted.filter));
}

}  // namespace memorypro::store::sqlite
