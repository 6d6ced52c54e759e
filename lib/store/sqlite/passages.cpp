#include "store/sqlite/passages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "store/sqlite/filter.hpp"
#include "store/sqlite/text_beginnings.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::size_t around = 3;  // as far as recall::rank looks
constexpr auto longest_pause = std::chrono::minutes(30);

// Whose memories follow each other.
struct conversation {
    std::optional<std::string> user;
    std::optional<std::string> agent;
    std::optional<std::string> session;

    auto operator<=>(const conversation&) const = default;
};

class passage_reader {
public:
    passage_reader(connection& db, const search& wanted)
        : db_(db),
          texts_(db),
          asked_(wanted.question),
          filter_(wanted),
          columns_(
              "SELECT m.time, m.priority, m.seq, m.user_id IS ? AND m.agent_id IS ?"
              " AND m.session_id IS ?" +
              std::string(wanted.filter.include_archived ? "" : " AND m.archived = 0") + ", " +
              filter_.conditions()) {}

    std::vector<recall::passage> read(std::vector<match> matches) {
        for (auto& one : matches)
            read_match(one);
        std::vector<recall::passage> passages;
        for (auto& [whose, memories] : conversations_) {
            whose_ = &whose;
            read_conversation(memories);
            split_into(passages);
        }
        return passages;
    }

private:
    using memories = std::vector<recall::candidate>;

    recall::candidate read_candidate(const statement& row) {
        return {.seq = row.integer(2),
                .time = row.time(0),
                .responsibility = static_cast<double>(row.integer(1)) / 3,
                .traits = recall::traits_of(texts_.of(row.integer(2)), asked_),
                .occurrences = {}};
    }

    void read_match(match& one) {
        db_.check_deadline();
        statement row = db_.prepare(
            "SELECT time, priority, seq, user_id, agent_id, session_id FROM memories"
            " WHERE seq = ?");
        row.bind(one.seq);
        if (!row.step()) return;  // the text index is damaged: it holds what is gone
        auto read = read_candidate(row);
        read.answers = true;
        read.length = one.length;
        read.occurrences = std::move(one.occurrences);
        conversations_[{row.optional_text(3), row.optional_text(4), row.optional_text(5)}]
            .push_back(std::move(read));
    }

    // Leaves in rows_ what follows each other; nullopt where something else may be between.
    void read_conversation(memories& matches) {
        rows_.clear();
        std::int64_t last = 0;
        bool adjoining = false;  // nothing is between the last row and the next match
        const auto push = [&](neighbour& one) {
            rows_.push_back(std::move(one.read));
            last = one.seq;
        };
        for (auto next = matches.begin(); next != matches.end(); ++next) {
            if (!adjoining) {
                auto before = neighbours(-1, next->seq);
                std::ranges::reverse(before);
                const bool overlaps = !before.empty() && before.front().seq <= last;
                if (!rows_.empty() && !overlaps) rows_.emplace_back();
                for (auto& one : before)
                    if (one.seq > last) push(one);
            }
            last = next->seq;
            rows_.push_back(std::move(*next));
            adjoining = false;
            for (auto& one : neighbours(1, last)) {
                adjoining = next + 1 != matches.end() && one.seq == (next + 1)->seq;
                if (adjoining) break;
                push(one);
            }
        }
    }

    struct neighbour {
        std::int64_t seq = 0;
        recall::candidate read;  // blank: not of this conversation
    };

    // Up to three, next first.
    std::vector<neighbour> neighbours(int direction, std::int64_t from) {
        const auto& [user, agent, session] = *whose_;
        const bool scoped = session || user || agent;
        const std::string_view rows =
            scoped ? "memory_scopes AS s CROSS JOIN memories AS m ON m.seq = s.seq"
                     " WHERE s.scope = ? AND s.value = ? AND"
                   : "memories AS m WHERE";
        const std::string_view seq = scoped ? "s.seq" : "m.seq";
        statement query = db_.prepare_composed(
            direction < 0
                ? fmt::format("{} FROM {} {} < ? ORDER BY {} DESC LIMIT ?", columns_, rows, seq,
                              seq)
                : fmt::format("{} FROM {} {} > ? ORDER BY {} LIMIT ?", columns_, rows, seq, seq));
        query.bind(user).bind(agent).bind(session);
        filter_.bind(query);
        if (scoped)
            query
                .bind(static_cast<std::int64_t>(session ? scope::session
                                                : user  ? scope::user
                                                        : scope::agent))
                .bind(session ? *session
                      : user  ? *user
                              : *agent);
        query.bind(from).bind(static_cast<std::int64_t>(around));
        std::vector<neighbour> found;
        while (query.step()) {
            db_.check_deadline();
            found.push_back({query.integer(2), {}});
            if (query.integer(3) == 0) continue;
            found.back().read = read_candidate(query);
            found.back().read.answers = query.integer(4) != 0;
        }
        return found;
    }

    void split_into(std::vector<recall::passage>& passages) {
        const bool in_session = whose_->session.has_value();
        std::optional<timestamp> last;
        bool open = false;
        for (auto& row : rows_) {
            const bool blank = row && row->seq == 0;
            const bool paused = !in_session && row && !blank && last &&
                                std::chrono::abs(row->time - *last) > longest_pause;
            if (!row || paused) open = false;
            if (!row) continue;
            if (!open) passages.push_back({.in_session = in_session, .memories = {}});
            open = true;
            if (!blank) last = row->time;
            passages.back().memories.push_back(std::move(*row));
        }
    }

    connection& db_;
    text_beginnings texts_;
    const recall::question& asked_;
    const filter_sql filter_;
    const std::string columns_;
    std::map<conversation, memories> conversations_;
    const conversation* whose_ = nullptr;
    std::vector<std::optional<recall::candidate>> rows_;
};

}  // namespace

std::vector<recall::passage> passages_around(connection& db, std::vector<match> found,
                                             const search& wanted) {
    return passage_reader(db, wanted).read(std::move(found));
}

}  // namespace memorypro::store::sqlite
