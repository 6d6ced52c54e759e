#include "store/sqlite/search_plan.hpp"

#include <algorithm>
#include <numeric>

#include "store/sqlite/filter.hpp"
#include "store/sqlite/match_expression.hpp"
#include "store/sqlite/scope_tokens.hpp"

namespace memorypro::store::sqlite {
namespace {

// So many matches are looked at in a few milliseconds. A user, agent or session with no more
// memories is searched whole; one with more is taken to be everybody when words are counted, for
// how rare a word is changes with the logarithm.
constexpr std::int64_t few = 2048;
// A filter may pass few of the matches: then as many are looked at as it takes.
constexpr std::int64_t most_filtered = 1 << 18;

// By the index of the terms.
using some_terms = std::vector<std::size_t>;

class planner {
public:
    planner(connection& db, const search& wanted)
        : db_(db),
          wanted_(wanted),
          scopes_(scopes_of(wanted.filter)),
          most_(std::max(few, static_cast<std::int64_t>(wanted.limit))) {
        all_.resize(wanted.question.terms.size());
        std::iota(all_.begin(), all_.end(), std::size_t{0});
    }

    search_plan made() {
        search_plan plan{.steps = {},
                         .by_text_index = !is_selective(),
                         .memories = count_searched(),
                         .holding = {}};
        if (plan.memories <= few || !plan.by_text_index) {
            plan.steps.push_back({any_of(all_) + scopes_, most_filtered});
            return plan;
        }
        count_terms(plan.memories);
        if (std::reduce(looked_at_.begin(), looked_at_.end()) <= few) {
            plan.steps.push_back({any_of(all_) + scopes_, most_});
            return plan;
        }
        plan.holding = holding_;
        plan.steps = steps();
        return plan;
    }

private:
    static std::string scopes_of(const memory_filter& filter) {
        std::string condition;
        const auto require = [&condition](scope which, const std::optional<std::string>& value) {
            if (value) condition += " AND scopes : " + scope_token(which, *value);
        };
        require(scope::user, filter.user_id);
        require(scope::agent, filter.agent_id);
        require(scope::session, filter.session_id);
        return condition;
    }

    std::string any_of(const some_terms& terms) const {
        std::vector<std::string> forms;
        for (const auto term : terms)
            forms.insert(forms.end(), wanted_.question.terms[term].begin(),
                         wanted_.question.terms[term].end());
        return "content : (" + match_any(forms) + ")";
    }

    bool is_selective() const {
        const auto& f = wanted_.filter;
        return wanted_.unsynced_only || f.memory_type || f.since || f.until || !f.tags.empty() ||
               !f.metadata.empty();
    }

    std::int64_t count_searched() {
        const filter_sql filter(wanted_.filter);
        std::int64_t scoped = few + 1;
        if (filter.scoped()) {
            statement count = db_.prepare(
                "SELECT count(*) FROM"
                " (SELECT 1 FROM memory_scopes WHERE scope = ? AND value = ? LIMIT ?)");
            filter.bind_from(count);
            count.bind(few + 1);
            if (count.step()) scoped = count.integer(0);
        }
        return scoped <= few ? scoped : db_.integer("SELECT max(seq) FROM memories");
    }

    // A common word's newest holders tell how many there are, for it is as common before.
    void count_terms(std::int64_t memories) {
        const auto newest = db_.integer("SELECT max(seq) FROM memories");
        for (const auto term : all_) {
            statement count = db_.prepare(
                "SELECT count(*), min(rowid) FROM (SELECT rowid FROM memories_fts WHERE"
                " memories_fts MATCH ? ORDER BY rowid DESC LIMIT ?)");
            const auto expression = any_of({term}) + scopes_;
            count.bind(expression).bind(few + 1);
            if (!count.step()) throw std::logic_error("an aggregate gave no row");
            const auto found = count.integer(0);
            looked_at_.push_back(found);
            if (found <= few) {
                holding_.push_back(found);
                continue;
            }
            const auto span = static_cast<double>(newest - count.integer(1) + 1);
            holding_.push_back(
                std::clamp(static_cast<std::int64_t>(static_cast<double>(found) / span *
                                                     static_cast<double>(memories)),
                           found, memories));
        }
    }

    std::vector<search_step> steps() const {
        auto by_rarity = all_;
        std::ranges::sort(by_rarity, {}, [this](auto term) { return holding_[term]; });
        some_terms rare;
        some_terms common;
        std::int64_t sum = 0;
        for (const auto term : by_rarity) {
            sum += looked_at_[term];
            (sum <= few ? rare : common).push_back(term);
        }
        const auto all = any_of(all_);
        const bool leads =
            std::ranges::any_of(rare, [this](auto term) { return looked_at_[term] > 0; });
        if (!leads) return {{all + scopes_, most_}};
        return {{all + " AND " + any_of(rare) + scopes_, most_},
                {"(" + all + " AND " + any_of(common) + scopes_ + ") NOT " + any_of(rare), most_}};
    }

    connection& db_;
    const search& wanted_;
    const std::string scopes_;
    const std::int64_t most_;  // matches of a step
    some_terms all_;
    std::vector<std::int64_t> looked_at_;  // of each term's matches, up to few + 1
    std::vector<std::int64_t> holding_;
};

}  // namespace

search_plan plan_search(connection& db, const search& wanted) {
    return planner(db, wanted).made();
}

}  // namespace memorypro::store::sqlite
