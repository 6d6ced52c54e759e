#include "store/sqlite/evolution_updates.hpp"

#include "store/sqlite/id_list.hpp"
#include "store/sqlite/match_expression.hpp"

namespace memorypro::store::sqlite {

void insert_evolution_update(connection& db, const insight& of, const new_insight& given) {
    const auto memory_ids = write_ids(given.memory_ids);
    db.prepare("INSERT INTO evolution_updates (id, memory_ids, user_id, text) VALUES (?,?,?,?)")
        .bind(of.id)
        .bind(memory_ids)
        .bind(given.user_id)
        .bind(given.text)
        .run();
    db.prepare("INSERT INTO evolution_fts (rowid, text) VALUES (?,?)")
        .bind(of.id)
        .bind(given.text)
        .run();
}

void delete_evolution_update(connection& db, std::int64_t id) {
    db.prepare(
          "INSERT INTO evolution_fts (evolution_fts, rowid, text)"
          " SELECT 'delete', id, text FROM evolution_updates WHERE id = ?")
        .bind(id)
        .run();
    db.prepare("DELETE FROM evolution_updates WHERE id = ?").bind(id).run();
}

std::vector<evolution_match> search_evolution(connection& db, const std::vector<std::string>& words,
                                              std::size_t limit) {
    if (words.empty()) return {};
    const auto expression = match_any(words);
    statement query = db.prepare(
        "SELECT i.id, i.source, i.payload, i.received_at, e.memory_ids, e.user_id,"
        " best.score"
        " FROM (SELECT rowid AS id, text_score(evolution_fts) AS score FROM evolution_fts"
        " WHERE evolution_fts MATCH ? ORDER BY score DESC, rowid DESC LIMIT ?) AS best"
        " CROSS JOIN evolution_updates AS e ON e.id = best.id"
        " CROSS JOIN insights AS i ON i.id = best.id ORDER BY best.score DESC, best.id DESC");
    query.bind(expression).bind(static_cast<std::int64_t>(limit));
    std::vector<evolution_match> found;
    while (query.step())
        found.push_back({.insight = {.id = query.integer(0),
                                     .kind = insight_kind::evolution_update,
                                     .source = static_cast<insight_source>(query.integer(1)),
                                     .payload_json = query.text(2),
                                     .received_at = query.time(3)},
                         .memory_ids = read_ids(query.text(4)),
                         .user_id = query.optional_text(5),
                         .score = query.real(6)});
    return found;
}

}  // namespace memorypro::store::sqlite
