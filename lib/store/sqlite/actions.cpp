#include "store/sqlite/actions.hpp"

#include "store/sqlite/listing_page.hpp"

namespace memorypro::store::sqlite {
namespace {

#define SELECT_ACTIONS                                                                         \
    "SELECT a.place, a.id, a.type, a.title, a.description, a.priority, a.status, a.memory_id," \
    " i.source, i.received_at, a.updated_at FROM actions AS a"                                 \
    " CROSS JOIN insights AS i ON i.id = a.id "

action read_action(const statement& row) {
    return {.id = row.integer(1),
            .type = row.text(2),
            .title = row.text(3),
            .description = row.text(4),
            .priority = static_cast<priority>(row.integer(5)),
            .status = static_cast<action_status>(row.integer(6)),
            .memory_id = row.optional_text(7),
            .source = static_cast<insight_source>(row.integer(8)),
            .created_at = row.time(9),
            .updated_at = row.time(10)};
}

// Urgent first, then oldest first.
std::int64_t place_of(priority p, std::int64_t id) {
    return (static_cast<std::int64_t>(priority::urgent) - static_cast<std::int64_t>(p)) << 60 | id;
}

}  // namespace

action insert_action(connection& db, const insight& of, const new_insight& given) {
    action added{.id = of.id,
                 .type = given.type,
                 .title = given.title,
                 .description = given.description,
                 .priority = given.priority,
                 .memory_id = {},
                 .source = of.source,
                 .created_at = of.received_at,
                 .updated_at = of.received_at};
    if (!given.memory_ids.empty()) added.memory_id = given.memory_ids.front();
    db.prepare(
          "INSERT INTO actions (id, place, status, updated_at, priority, type, title, description,"
          " memory_id) VALUES (?,?,?,?,?,?,?,?,?)")
        .bind(added.id)
        .bind(place_of(added.priority, added.id))
        .bind(static_cast<std::int64_t>(added.status))
        .bind(added.updated_at)
        .bind(static_cast<std::int64_t>(added.priority))
        .bind(added.type)
        .bind(added.title)
        .bind(added.description)
        .bind(added.memory_id)
        .run();
    return added;
}

std::optional<action> find_action(connection& db, std::int64_t id) {
    statement query = db.prepare(SELECT_ACTIONS "WHERE a.id = ?");
    query.bind(id);
    if (!query.step()) return std::nullopt;
    return read_action(query);
}

void set_action_row_status(connection& db, std::int64_t id, action_status status, timestamp now) {
    db.prepare("UPDATE actions SET status = ?, updated_at = ? WHERE id = ?")
        .bind(static_cast<std::int64_t>(status))
        .bind(now)
        .bind(id)
        .run();
}

void delete_action(connection& db, std::int64_t id) {
    db.prepare("DELETE FROM actions WHERE id = ?").bind(id).run();
}

listing<action> list_action_rows(connection& db, std::optional<action_status> wanted,
                                 std::int64_t after, std::size_t limit) {
    statement count = db.prepare(wanted ? sql("SELECT count(*) FROM actions WHERE status = ?")
                                        : sql("SELECT count(*) FROM actions"));
    statement query = db.prepare(
        wanted ? sql(SELECT_ACTIONS "WHERE a.status = ? AND a.place > ? ORDER BY a.place LIMIT ?")
               : sql(SELECT_ACTIONS "WHERE a.place > ? ORDER BY a.place LIMIT ?"));
    if (wanted) {
        count.bind(static_cast<std::int64_t>(*wanted));
        query.bind(static_cast<std::int64_t>(*wanted));
    }
    listing<action> page;
    if (count.step()) page.total = count.integer(0);
    query.bind(after).bind(static_cast<std::int64_t>(limit) + 1);
    read_listing(query, limit, page, read_action);
    return page;
}

}  // namespace memorypro::store::sqlite
