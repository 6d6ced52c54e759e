#include "store/sqlite/passages.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "store/sqlite/filter.hpp"

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

recall::candidate read_candidate(const statement& row, std::int64_t seq,
                                 const recall::question& asked) {
    return {.seq = seq,
            .time = row.time(0),
            .responsibility = static_cast<double>(row.integer(1)) / 3,
            .traits = recall::traits_of(row.bytes(2), asked),
            .occurrences = {}};
}

class passage_reader {
public:
    passage_reader(connection& db, const search& wanted)
        : db_(db),
          asked_(wanted.question),
          filter_(wanted.filter),
          neighbour_("SELECT m.time, m.priority, m.content, (" + filter_.conditions() +
                     (wanted.unsynced_only ? " AND m.sync_state <> 1" : "") +
                     ") FROM memories AS m WHERE m.seq = ? AND m.user_id IS ? AND m.agent_id IS ?"
                     " AND m.session_id IS ?" +
                     (wanted.filter.include_archived ? "" : " AND m.archived = 0")) {}

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

    void read_match(match& one) {
        statement row = db_.prepare(
            "SELECT time, priority, content, user_id, agent_id, session_id FROM memories"
            " WHERE seq = ?");
        row.bind(one.seq);
        if (!row.step()) throw std::logic_error("a row vanished within a read transaction");
        auto read = read_candidate(row, one.seq, asked_);
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
        const auto push_neighbour = [&](std::int64_t seq) {
            rows_.push_back(read_neighbour(seq));
            last = seq;
        };
        for (auto next = matches.begin(); next != matches.end(); ++next) {
            if (!adjoining) {
                auto before = seqs(-1, next->seq);
                std::ranges::reverse(before);
                const bool overlaps = !before.empty() && before.front() <= last;
                if (!rows_.empty() && !overlaps) rows_.emplace_back();
                for (const auto seq : before)
                    if (seq > last) push_neighbour(seq);
            }
            last = next->seq;
            rows_.push_back(std::move(*next));
            adjoining = false;
            for (const auto seq : seqs(1, last)) {
                adjoining = next + 1 != matches.end() && seq == (next + 1)->seq;
                if (adjoining) break;
                push_neighbour(seq);
            }
        }
    }

    // Up to three, next first.
    std::vector<std::int64_t> seqs(int direction, std::int64_t from) {
        const auto indexed = [&] {
            return direction < 0
                       ? db_.prepare(
                             "SELECT seq FROM memory_scopes WHERE scope = ? AND value = ? AND"
                             " seq < ? ORDER BY seq DESC LIMIT ?")
                       : db_.prepare(
                             "SELECT seq FROM memory_scopes WHERE scope = ? AND value = ? AND"
                             " seq > ? ORDER BY seq LIMIT ?");
        };
        const auto unscoped = [&] {
            return direction < 0
                       ? db_.prepare(
                             "SELECT seq FROM memories WHERE seq < ? ORDER BY seq DESC LIMIT ?")
                       : db_.prepare("SELECT seq FROM memories WHERE seq > ? ORDER BY seq LIMIT ?");
        };
        const auto& [user, agent, session] = *whose_;
        const bool scoped = session || user || agent;
        statement query = scoped ? indexed() : unscoped();
        if (scoped)
            query
                .bind(static_cast<std::int64_t>(session ? scope::session
                                                : user  ? scope::user
                                                        : scope::agent))
                .bind(session ? *session
                      : user  ? *user
                              : *agent);
        query.bind(from).bind(static_cast<std::int64_t>(around));
        std::vector<std::int64_t> found;
        while (query.step())
            found.push_back(query.integer(0));
        return found;
    }

    recall::candidate read_neighbour(std::int64_t seq) {
        statement row = db_.prepare_composed(neighbour_);
        filter_.bind(row);
        row.bind(seq).bind(whose_->user).bind(whose_->agent).bind(whose_->session);
        if (!row.step()) return {};  // not of this conversation
        auto read = read_candidate(row, seq, asked_);
        read.answers = row.integer(3) != 0;
        return read;
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
    const recall::question& asked_;
    const filter_sql filter_;
    const std::string neighbour_;
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
