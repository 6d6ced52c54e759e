#include "store/sqlite/insight_rows.hpp"

#include "store/sqlite/digest.hpp"
#include "store/sqlite/listing_page.hpp"

namespace memorypro::store::sqlite {
namespace {

#define INSIGHT_COLUMNS "id, kind, source, payload, received_at, enabled, high, low"

insight read_insight(const statement& row) {
    return {.id = row.integer(0),
            .kind = static_cast<insight_kind>(row.integer(1)),
            .source = static_cast<insight_source>(row.integer(2)),
            .payload_json = row.text(3),
            .received_at = row.time(4)};
}

std::optional<insight_row> read_insight_row(statement& query) {
    if (!query.step()) return std::nullopt;
    return insight_row{read_insight(query), query.integer(5) != 0};
}

statement newest(connection& db, insight_kind kind, bool enabled) {
    statement query = db.prepare("SELECT " INSIGHT_COLUMNS
                                 " FROM insights WHERE kind = ? AND enabled = ?"
                                 " ORDER BY id DESC LIMIT 1");
    query.bind(static_cast<std::int64_t>(kind)).bind(std::int64_t{enabled});
    return query;
}

// The index holds the bytes too, so that no row is read.
tally::log_size& size_of(connection& db, tally& t, insight_kind kind, bool enabled) {
    auto& known = t.insights.at(static_cast<std::size_t>(kind)).at(enabled ? 1 : 0);
    if (!known) {
        statement all =
            db.prepare("SELECT count(*), sum(bytes) FROM insights WHERE kind = ? AND enabled = ?");
        all.bind(static_cast<std::int64_t>(kind)).bind(std::int64_t{enabled});
        all.step();
        known = {all.integer(0), all.integer(1)};
    }
    return *known;
}

std::int64_t bytes_of(const std::string& payload) {
    return static_cast<std::int64_t>(payload.size());
}

}  // namespace

std::optional<insight_row> find_same(connection& db, const new_insight& given) {
    const auto key = digest_in(given.digest);
    if (given.kind == insight_kind::memory_insights) {
        statement query = newest(db, given.kind, given.enabled);
        auto latest = read_insight_row(query);
        if (!latest || query.integer(6) != key.high || query.integer(7) != key.low)
            return std::nullopt;
        return latest;
    }
    statement query = db.prepare("SELECT " INSIGHT_COLUMNS
                                 " FROM insights WHERE high = ? AND low = ? AND kind <> 2");
    query.bind(key.high).bind(key.low);
    return read_insight_row(query);
}

insight insert_insight(connection& db, tally& t, const new_insight& given, insight_source source,
                       timestamp now) {
    auto& size = size_of(db, t, given.kind, given.enabled);
    const auto bytes = bytes_of(given.payload_json);
    const auto key = digest_in(given.digest);
    db.prepare(
          "INSERT INTO insights (high, low, kind, source, enabled, received_at, bytes, payload)"
          " VALUES (?,?,?,?,?,?,?,?)")
        .bind(key.high)
        .bind(key.low)
        .bind(static_cast<std::int64_t>(given.kind))
        .bind(static_cast<std::int64_t>(source))
        .bind(std::int64_t{given.enabled})
        .bind(now)
        .bind(bytes)
        .bind(given.payload_json)
        .run();
    ++size.count;
    size.bytes += bytes;
    return {.id = db.last_rowid(),
            .kind = given.kind,
            .source = source,
            .payload_json = given.payload_json,
            .received_at = now};
}

void enable_insight(connection& db, tally& t, const insight& i) {
    auto& off = size_of(db, t, i.kind, false);
    auto& on = size_of(db, t, i.kind, true);
    const auto bytes = bytes_of(i.payload_json);
    --off.count;
    off.bytes -= bytes;
    ++on.count;
    on.bytes += bytes;
    db.prepare("UPDATE insights SET enabled = 1 WHERE id = ?").bind(i.id).run();
}

std::optional<std::int64_t> drop_oldest_insight(connection& db, tally& t, const new_insight& like,
                                                const insight_bounds& most) {
    auto& size = size_of(db, t, like.kind, like.enabled);
    if (size.count <= 1 || (size.count <= most.count && size.bytes <= most.bytes))
        return std::nullopt;
    statement oldest = db.prepare(
        "SELECT id, bytes FROM insights WHERE kind = ? AND enabled = ? ORDER BY id LIMIT 1");
    oldest.bind(static_cast<std::int64_t>(like.kind)).bind(std::int64_t{like.enabled});
    if (!oldest.step()) return std::nullopt;
    const auto id = oldest.integer(0);
    const auto bytes = oldest.integer(1);
    db.prepare("DELETE FROM insights WHERE id = ?").bind(id).run();
    --size.count;
    size.bytes -= bytes;
    return id;
}

listing<insight> list_insight_rows(connection& db, std::int64_t since, std::size_t limit) {
    listing<insight> page;
    page.total = db.integer("SELECT count(*) FROM insights");
    statement query =
        db.prepare("SELECT " INSIGHT_COLUMNS " FROM insights WHERE id > ? ORDER BY id LIMIT ?");
    query.bind(since).bind(static_cast<std::int64_t>(limit) + 1);
    read_listing(query, limit, page, read_insight);
    return page;
}

std::optional<insight> latest_snapshot(connection& db) {
    statement query = newest(db, insight_kind::memory_insights, true);
    auto latest = read_insight_row(query);
    if (!latest) return std::nullopt;
    return std::move(latest->what);
}

}  // namespace memorypro::store::sqlite
