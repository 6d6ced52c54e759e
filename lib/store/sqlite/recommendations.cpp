#include "store/sqlite/recommendations.hpp"

#include <limits>

#include "store/sqlite/id_list.hpp"
#include "store/sqlite/listing_page.hpp"

namespace memorypro::store::sqlite {
namespace {

#define SELECT_RECOMMENDATIONS                                                \
    "SELECT r.id, r.action_name, r.memory_ids, r.reason, r.status, i.source," \
    " i.received_at, r.action FROM recommendations AS r CROSS JOIN insights AS i ON i.id = r.id "

recommendation read_recommendation(const statement& row) {
    return {.id = row.integer(0),
            .action = row.text(1),
            .memory_ids = read_ids(row.text(2)),
            .reason = row.text(3),
            .status = static_cast<recommendation_status>(row.integer(4)),
            .source = static_cast<insight_source>(row.integer(5)),
            .received_at = row.time(6)};
}

}  // namespace

recommendation insert_recommendation(connection& db, const insight& of, const new_insight& given,
                                     recommendation_status status) {
    const auto memory_ids = write_ids(given.memory_ids);
    db.prepare(
          "INSERT INTO recommendations (id, action, action_name, status, memory_ids, reason)"
          " VALUES (?,?,?,?,?,?)")
        .bind(of.id)
        .bind(static_cast<std::int64_t>(given.action))
        .bind(given.action_name)
        .bind(static_cast<std::int64_t>(status))
        .bind(memory_ids)
        .bind(given.reason)
        .run();
    return {.id = of.id,
            .action = given.action_name,
            .memory_ids = given.memory_ids,
            .reason = given.reason,
            .status = status,
            .source = of.source,
            .received_at = of.received_at};
}

std::optional<recommendation_row> find_recommendation(connection& db, std::int64_t id) {
    statement query = db.prepare(SELECT_RECOMMENDATIONS "WHERE r.id = ?");
    query.bind(id);
    if (!query.step()) return std::nullopt;
    return recommendation_row{read_recommendation(query),
                              static_cast<lifecycle_action>(query.integer(7))};
}

void set_recommendation_status(connection& db, std::int64_t id, recommendation_status status) {
    db.prepare("UPDATE recommendations SET status = ? WHERE id = ?")
        .bind(static_cast<std::int64_t>(status))
        .bind(id)
        .run();
}

void delete_recommendation(connection& db, std::int64_t id) {
    db.prepare("DELETE FROM recommendations WHERE id = ?").bind(id).run();
}

listing<recommendation> list_recommendation_rows(connection& db,
                                                 std::optional<recommendation_status> wanted,
                                                 std::optional<std::int64_t> before,
                                                 std::size_t limit) {
    statement count =
        db.prepare(wanted ? sql("SELECT count(*) FROM recommendations WHERE status = ?")
                          : sql("SELECT count(*) FROM recommendations"));
    statement query = db.prepare(
        wanted ? sql(SELECT_RECOMMENDATIONS "WHERE r.status = ? AND r.id < ? ORDER BY r.id DESC"
                                            " LIMIT ?")
               : sql(SELECT_RECOMMENDATIONS "WHERE r.id < ? ORDER BY r.id DESC LIMIT ?"));
    if (wanted) {
        count.bind(static_cast<std::int64_t>(*wanted));
        query.bind(static_cast<std::int64_t>(*wanted));
    }
    listing<recommendation> page;
    if (count.step()) page.total = count.integer(0);
    query.bind(before.value_or(std::numeric_limits<std::int64_t>::max()))
        .bind(static_cast<std::int64_t>(limit) + 1);
    read_listing(query, limit, page, read_recommendation);
    return page;
}

}  // namespace memorypro::store::sqlite
