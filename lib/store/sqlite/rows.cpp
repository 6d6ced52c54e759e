#include "store/sqlite/rows.hpp"

#include <limits>

namespace memorypro::store::sqlite {
namespace {

#define MEMORY_COLUMNS                                                                     \
    "m.seq, m.id, m.user_id, m.agent_id, m.session_id, m.memory_type, m.priority, m.time," \
    " m.created_at, m.archived, m.sync_state, m.metadata, m.tags, m.extra, m.revision,"    \
    " m.content"

memory read_memory(const statement& row) {
    memory m;
    m.seq = row.integer(0);
    m.id = row.text(1);
    m.what.user_id = row.optional_text(2);
    m.what.agent_id = row.optional_text(3);
    m.what.session_id = row.optional_text(4);
    m.what.memory_type = row.text(5);
    m.what.priority = static_cast<priority>(row.integer(6));
    m.what.time = row.time(7);
    m.created_at = row.time(8);
    m.archived = archive_mark::of_value(row.integer(9));
    m.sync_state = static_cast<sync_state>(row.integer(10));
    m.what.metadata_json = row.text(11);
    m.what.tags_json = row.text(12);
    m.what.extra_json = row.text(13);
    m.revision = static_cast<int>(row.integer(14));
    m.what.content = row.text(15);
    return m;
}

std::optional<memory> first_memory(statement query) {
    if (!query.step()) return std::nullopt;
    return read_memory(query);
}

// Up to `limit` rows, fewer when they are large, at least one; true: there are more.
bool read_page(statement& query, std::size_t limit, std::vector<memory>& found) {
    std::size_t bytes = 0;
    while (query.step()) {
        if (found.size() == limit || bytes >= most_page_bytes) return true;
        found.push_back(read_memory(query));
        bytes += found.back().what.content.size() + found.back().what.metadata_json.size() +
                 found.back().what.extra_json.size();
    }
    return false;
}

}  // namespace

std::optional<memory> find_by_id(connection& db, std::string_view id) {
    statement query = db.prepare("SELECT " MEMORY_COLUMNS " FROM memories AS m WHERE m.id = ?");
    query.bind(id);
    return first_memory(std::move(query));
}

std::vector<std::string> ids_marked(connection& db, archive_mark mark) {
    statement query =
        db.prepare("SELECT id FROM memories WHERE archived < 0 AND archived = ? ORDER BY seq");
    query.bind(mark.value);
    std::vector<std::string> found;
    while (query.step())
        found.push_back(query.text(0));
    return found;
}

std::optional<memory> find_by_seq(connection& db, std::int64_t seq) {
    statement query = db.prepare("SELECT " MEMORY_COLUMNS " FROM memories AS m WHERE m.seq = ?");
    query.bind(seq);
    return first_memory(std::move(query));
}

std::vector<memory> rows_after(connection& db, std::int64_t seq, std::size_t limit) {
    statement query = db.prepare("SELECT " MEMORY_COLUMNS
                                 " FROM memories AS m WHERE m.seq > ? ORDER BY m.seq LIMIT ?");
    query.bind(seq).bind(static_cast<std::int64_t>(limit));
    std::vector<memory> found;
    read_page(query, limit, found);
    return found;
}

page list_rows(connection& db, const filter_sql& filter, std::optional<std::int64_t> before,
               std::size_t limit) {
    page answer;
    {
        statement count =
            db.prepare_composed("SELECT count(*) " + filter.from() + filter.conditions());
        filter.bind_from(count);
        filter.bind(count);
        if (count.step()) answer.total = count.integer(0);
    }
    // One row more than asked for tells whether there is a page after this one.
    const std::string seq(filter.seq());
    statement query =
        db.prepare_composed("SELECT " MEMORY_COLUMNS " " + filter.from() + filter.conditions() +
                            " AND " + seq + " < ? ORDER BY " + seq + " DESC LIMIT ?");
    filter.bind_from(query);
    filter.bind(query);
    query.bind(before.value_or(std::numeric_limits<std::int64_t>::max()))
        .bind(static_cast<std::int64_t>(limit) + 1);
    if (read_page(query, limit, answer.memories)) answer.next = answer.memories.back().seq;
    return answer;
}

void insert_row(connection& db, const memory& m) {
    statement insert = db.prepare(
        "INSERT INTO memories (seq, id, user_id, agent_id, session_id, memory_type, priority,"
        " time, created_at, archived, sync_state, metadata, tags, extra, revision, content)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    insert.bind(m.seq)
        .bind(m.id)
        .bind(m.what.user_id)
        .bind(m.what.agent_id)
        .bind(m.what.session_id)
        .bind(m.what.memory_type)
        .bind(static_cast<std::int64_t>(m.what.priority))
        .bind(*m.what.time)
        .bind(m.created_at)
        .bind(m.archived.value)
        .bind(static_cast<std::int64_t>(m.sync_state))
        .bind_json(m.what.metadata_json)
        .bind_json(m.what.tags_json)
        .bind_json(m.what.extra_json)
        .bind(std::int64_t{m.revision})
        .bind(m.what.content)
        .run();
}

void update_row(connection& db, const memory& m) {
    statement update = db.prepare(
        "UPDATE memories SET user_id = ?, agent_id = ?, session_id = ?, memory_type = ?,"
        " priority = ?, time = ?, archived = ?, sync_state = ?, metadata = ?, tags = ?, extra = ?,"
        " revision = ?, content = ? WHERE seq = ?");
    update.bind(m.what.user_id)
        .bind(m.what.agent_id)
        .bind(m.what.session_id)
        .bind(m.what.memory_type)
        .bind(static_cast<std::int64_t>(m.what.priority))
        .bind(*m.what.time)
        .bind(m.archived.value)
        .bind(static_cast<std::int64_t>(m.sync_state))
        .bind_json(m.what.metadata_json)
        .bind_json(m.what.tags_json)
        .bind_json(m.what.extra_json)
        .bind(std::int64_t{m.revision})
        .bind(m.what.content)
        .bind(m.seq)
        .run();
}

void update_sync_state(connection& db, std::int64_t seq, sync_state state) {
    db.prepare("UPDATE memories SET sync_state = ? WHERE seq = ?")
        .bind(static_cast<std::int64_t>(state))
        .bind(seq)
        .run();
}

void delete_row(connection& db, std::int64_t seq) {
    db.prepare("DELETE FROM memories WHERE seq = ?").bind(seq).run();
}

}  // namespace memorypro::store::sqlite
