#include "store/sqlite/inbox.hpp"

#include <algorithm>

#include "base/result.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr std::size_t most_bytes_at_once = 1 << 20;
constexpr std::int64_t swept_at_once = 1000;
constexpr std::chrono::hours sweep_every{1};

// What a small one counts for: its row and its entry in memory.
constexpr std::int64_t least_counted = 512;

std::int64_t counted_bytes(std::size_t id, std::size_t body) {
    return std::max(static_cast<std::int64_t>(id + body), least_counted);
}

digest read_digest(const statement& row, int column) {
    return {.high = row.integer(column), .low = row.integer(column + 1)};
}

bool is_indexed(connection& db, const digest& of, timestamp now) {
    statement query =
        db.prepare("SELECT 1 FROM inbox_digests WHERE high = ? AND low = ? AND received_at >= ?");
    query.bind(of.high).bind(of.low).bind(now - deliveries_known);
    return query.step();
}

}  // namespace

inbox::inbox(connection& db, std::int64_t most_bytes) : most_bytes_(most_bytes) {
    for (const auto text : {sql("SELECT id, high, low, received_at, counted FROM inbox"),
                            sql("SELECT id, high, low, received_at, 0 FROM inbox_processed")}) {
        statement query = db.prepare(text);
        while (query.step()) {
            const auto id = query.integer(0);
            last_id_ = std::max(last_id_, id);
            open_.put(read_digest(query, 1),
                      {.id = id, .bytes = query.integer(4), .received_at = query.time(3)});
        }
    }
    open_.keep();
}

bool inbox::accept(connection& db, const delivery& given, timestamp now) {
    const auto key = digest_of(given.id);
    if (open_.find(key) || is_indexed(db, key, now)) return false;
    const auto counted = counted_bytes(given.id.size(), given.body.size());
    if (open_.waiting_bytes() + counted > most_bytes_)
        throw failed({errc::overloaded,
                      "too many deliveries wait to be processed; try again",
                      {},
                      std::chrono::seconds(5)});
    db.prepare(
          "INSERT INTO inbox (id, high, low, received_at, counted, delivery_id, body)"
          " VALUES (?,?,?,?,?,?,?)")
        .bind(++last_id_)
        .bind(key.high)
        .bind(key.low)
        .bind(given.received_at)
        .bind(counted)
        .bind(given.id)
        .bind(given.body)
        .run();
    open_.put(key, {.id = last_id_, .bytes = counted, .received_at = given.received_at});
    return true;
}

// Single rows by their values: an INSERT from a SELECT keeps a journal of its own, which takes the
// longer the more its transaction has changed.
void inbox::finish(connection& db, const std::string& delivery_id) {
    const auto key = digest_of(delivery_id);
    const auto* found = open_.find(key);
    if (!found || found->bytes == 0) return;
    open_delivery done = *found;
    done.bytes = 0;
    db.prepare("DELETE FROM inbox WHERE id = ?").bind(done.id).run();
    db.prepare("INSERT INTO inbox_processed (id, high, low, received_at) VALUES (?,?,?,?)")
        .bind(done.id)
        .bind(key.high)
        .bind(key.low)
        .bind(done.received_at)
        .run();
    open_.put(key, done);
}

void inbox::index_some(connection& db, std::size_t limit) {
    struct row {
        digest key;
        std::int64_t received_at = 0;
    };
    std::vector<row> rows;
    std::int64_t last = 0;
    {
        statement query = db.prepare(
            "SELECT id, high, low, received_at FROM inbox_processed ORDER BY id LIMIT ?");
        query.bind(static_cast<std::int64_t>(limit));
        while (query.step()) {
            last = query.integer(0);
            rows.push_back({read_digest(query, 1), query.integer(3)});
        }
    }
    std::ranges::sort(rows, {}, &row::key);
    for (const auto& next : rows) {
        db.prepare("INSERT OR REPLACE INTO inbox_digests (high, low, received_at) VALUES (?,?,?)")
            .bind(next.key.high)
            .bind(next.key.low)
            .bind(next.received_at)
            .run();
        open_.erase(next.key);
    }
    db.prepare("DELETE FROM inbox_processed WHERE id <= ?").bind(last).run();
}

void inbox::sweep_some(connection& db, timestamp now) {
    std::vector<digest> old;
    std::int64_t seen = 0;
    {
        statement query = db.prepare(
            "SELECT high, low, received_at FROM inbox_digests WHERE (high, low) > (?, ?)"
            " ORDER BY high, low LIMIT ?");
        query.bind(swept_.high).bind(swept_.low).bind(swept_at_once);
        for (; query.step(); ++seen) {
            swept_ = read_digest(query, 0);
            if (query.time(2) < now - deliveries_known) old.push_back(swept_);
        }
    }
    for (const auto& key : old)
        db.prepare("DELETE FROM inbox_digests WHERE high = ? AND low = ?")
            .bind(key.high)
            .bind(key.low)
            .run();
    if (seen == swept_at_once) return;
    swept_ = before_all;
    next_sweep_ = now + sweep_every;
}

std::vector<delivery> read_waiting(connection& db, std::size_t limit) {
    statement query =
        db.prepare("SELECT delivery_id, received_at, body FROM inbox ORDER BY id LIMIT ?");
    query.bind(static_cast<std::int64_t>(limit));
    std::vector<delivery> found;
    for (std::size_t bytes = 0; bytes < most_bytes_at_once && query.step();
         bytes += found.back().body.size())
        found.push_back({.id = query.text(0), .body = query.text(2), .received_at = query.time(1)});
    return found;
}

}  // namespace memorypro::store::sqlite
