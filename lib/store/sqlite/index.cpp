#include "store/sqlite/index.hpp"

#include <queue>

#include "store/sqlite/filter.hpp"
#include "store/sqlite/match_expression.hpp"
#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::size_t most_chunk_bytes = 1 << 20;
constexpr std::size_t most_recalled_bytes = 16 << 20;

struct ranked {
    double score = 0;
    std::int64_t seq = 0;
    candidate signals;
};

bool better(const ranked& a, const ranked& b) {
    return a.score != b.score ? a.score > b.score : a.seq > b.seq;
}

void remove_text(connection& db, const memory& m) {
    db.prepare("INSERT INTO memories_fts (memories_fts, rowid, content) VALUES ('delete', ?, ?)")
        .bind(m.seq)
        .bind(m.what.content)
        .run();
}

void move_scope(connection& db, std::int64_t seq, scope which,
                const std::optional<std::string>& before, const std::optional<std::string>& after) {
    if (before == after) return;
    if (before)
        db.prepare("DELETE FROM memory_scopes WHERE scope = ? AND value = ? AND seq = ?")
            .bind(static_cast<std::int64_t>(which))
            .bind(*before)
            .bind(seq)
            .run();
    if (after)
        db.prepare("INSERT INTO memory_scopes (scope, value, seq) VALUES (?, ?, ?)")
            .bind(static_cast<std::int64_t>(which))
            .bind(*after)
            .bind(seq)
            .run();
}

void move_scopes(connection& db, std::int64_t seq, const memory_content& before,
                 const memory_content& after) {
    move_scope(db, seq, scope::user, before.user_id, after.user_id);
    move_scope(db, seq, scope::agent, before.agent_id, after.agent_id);
    move_scope(db, seq, scope::session, before.session_id, after.session_id);
}

}  // namespace

std::int64_t read_indexed_seq(connection& db) {
    return db.integer("SELECT indexed_seq FROM index_state");
}

index_progress index_next(connection& db, index_range range, std::size_t limit) {
    index_progress done{.indexed_seq = range.until};
    {
        statement next = db.prepare(
            "SELECT seq, length(CAST(content AS BLOB)) FROM memories WHERE seq > ? ORDER BY seq");
        next.bind(range.after);
        for (std::size_t rows = 0; next.step(); ++rows) {
            if (rows == limit || done.bytes >= most_chunk_bytes) {
                done.indexed_seq = next.integer(0) - 1;
                break;
            }
            done.bytes += static_cast<std::size_t>(next.integer(1));
        }
    }
    for (const sql add :
         {sql("INSERT INTO memories_fts (rowid, content)"
              " SELECT seq, content FROM memories WHERE seq > ? AND seq <= ? ORDER BY seq"),
          sql("INSERT INTO memory_scopes SELECT 1, user_id, seq FROM memories"
              " WHERE seq > ? AND seq <= ? AND user_id IS NOT NULL ORDER BY user_id, seq"),
          sql("INSERT INTO memory_scopes SELECT 2, agent_id, seq FROM memories"
              " WHERE seq > ? AND seq <= ? AND agent_id IS NOT NULL ORDER BY agent_id, seq"),
          sql("INSERT INTO memory_scopes SELECT 3, session_id, seq FROM memories"
              " WHERE seq > ? AND seq <= ? AND session_id IS NOT NULL ORDER BY session_id, seq")})
        db.prepare(add).bind(range.after).bind(done.indexed_seq).run();
    db.prepare("UPDATE index_state SET indexed_seq = ?").bind(done.indexed_seq).run();
    return done;
}

void unindex(connection& db, const memory& m) {
    remove_text(db, m);
    move_scopes(db, m.seq, m.what, {});
}

void reindex(connection& db, const memory& before, const memory& after) {
    if (before.what.content != after.what.content) {
        remove_text(db, before);
        db.prepare("INSERT INTO memories_fts (rowid, content) VALUES (?, ?)")
            .bind(after.seq)
            .bind(after.what.content)
            .run();
    }
    move_scopes(db, before.seq, before.what, after.what);
}

std::vector<hit> search_index(connection& db, const search& wanted) {
    const filter_sql filter(wanted.filter);
    const std::string expression = match_any(wanted.words);
    // CROSS JOIN keeps the order: the text index first, then the row, then the score.
    statement query = db.prepare_composed(
        "SELECT m.seq, m.time, m.priority, text_score(memories_fts)"
        " FROM memories_fts CROSS JOIN memories AS m ON m.seq = memories_fts.rowid"
        " WHERE memories_fts MATCH ? AND " +
        filter.conditions() + (wanted.unsynced_only ? " AND m.sync_state <> 1" : ""));
    query.bind(expression);
    filter.bind(query);

    std::priority_queue<ranked, std::vector<ranked>, decltype(&better)> best(
        &better);  // worst on top
    while (query.step()) {
        ranked next{.seq = query.integer(0),
                    .signals = {.text = query.real(3),
                                .time = timestamp(std::chrono::microseconds(query.integer(1))),
                                .priority = static_cast<priority>(query.integer(2))}};
        next.score = wanted.score(next.signals);
        if (next.score < wanted.min_score) continue;
        if (best.size() == wanted.limit && !better(next, best.top())) continue;
        best.push(next);
        if (best.size() > wanted.limit) best.pop();
    }

    std::vector<ranked> in_order(best.size());
    for (auto slot = in_order.rbegin(); slot != in_order.rend(); ++slot, best.pop())
        *slot = best.top();
    std::vector<hit> hits;
    std::size_t bytes = 0;
    for (const auto& next : in_order) {
        auto row = find_by_seq(db, next.seq);
        if (!row) throw std::logic_error("a row vanished within a read transaction");
        bytes += row->what.content.size();
        hits.push_back({std::move(*row), next.signals, next.score});
        if (bytes >= most_recalled_bytes) break;
    }
    return hits;
}

}  // namespace memorypro::store::sqlite
