#include "store/sqlite/matches.hpp"

#include <algorithm>

#include "recall/bm25.hpp"
#include "store/sqlite/filter.hpp"
#include "store/sqlite/occurrences.hpp"
#include "store/sqlite/search_plan.hpp"

namespace memorypro::store::sqlite {
namespace {

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

    std::size_t size() const { return found_.size(); }
    std::int64_t phrases() const { return static_cast<std::int64_t>(term_of_.size()); }

    matches best(std::size_t most, const search_plan& plan) {
        matches made{.best = {},
                     .of_all = {.memories = plan.memories, .holding = {}, .average_length = 1}};
        if (!plan.holding.empty()) holding_ = plan.holding;
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

// A memory's row costs more to read than its place in the text index, and most matches are not
// among the best.
std::string matching_sql(const search_plan& plan, const filter_sql& filter, const search& wanted) {
    std::string query = "SELECT memories_fts.rowid, occurrences(memories_fts, ?) FROM memories_fts";
    if (plan.by_text_index) {
        query += " WHERE memories_fts MATCH ?";
        if (!wanted.filter.include_archived)
            query +=
                " AND NOT EXISTS (SELECT 1 FROM memories AS m INDEXED BY memories_archived"
                " WHERE m.archived AND m.seq = memories_fts.rowid)";
    } else {
        // CROSS JOIN keeps the order: the text index first, then the row.
        query +=
            " CROSS JOIN memories AS m ON m.seq = memories_fts.rowid"
            " WHERE memories_fts MATCH ? AND " +
            filter.conditions();
    }
    return query + " ORDER BY memories_fts.rowid DESC LIMIT ?";
}

}  // namespace

matches find_matches(connection& db, const search& wanted, std::size_t most) {
    const auto plan = plan_search(db, wanted);
    const filter_sql filter(wanted);
    const auto matching = matching_sql(plan, filter, wanted);
    gathering all(wanted.question);
    match_shape shape;
    for (const auto& step : plan.steps) {
        statement query = db.prepare_composed(matching);
        query.bind(all.phrases()).bind(step.expression);
        if (!plan.by_text_index) filter.bind(query);
        query.bind(step.most);
        while (query.step()) {
            db.check_deadline();
            read_occurrences(query.bytes(1), shape);
            all.add(query.integer(0), shape);
        }
        if (all.size() >= most) break;
    }
    return all.best(most, plan);
}

}  // namespace memorypro::store::sqlite
