// The webhook's deliveries: those that wait to be processed, and what repeats are told by.
//
// A delivery is one row appended to `inbox`. When it is processed the row goes, and one with its
// digest is appended to `inbox_processed`. The index of digests follows behind in sorted batches,
// so that no delivery costs a page of it; what it is behind by is known in memory as well.
//
// Used on the writer's thread; what changes something is for its jobs, within their savepoint.
#pragma once

#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "store/insight.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/open_deliveries.hpp"

namespace memorypro::store::sqlite {

inline constexpr std::chrono::days deliveries_known{7};

class inbox {
public:
    // Reads what is open.
    inbox(connection&, std::int64_t most_bytes);

    // False: a delivery with this id is known. Throws `failed` when too many wait.
    bool accept(connection&, const delivery&, timestamp now);

    // Processed: it does not wait any more. An id that does not wait is left alone.
    void finish(connection&, const std::string& id);

    // Adds the digests of up to so many processed deliveries to the index.
    void index_some(connection&, std::size_t limit);
    std::size_t unindexed() const { return open_.processed(); }

    // Looks at some of the index and drops what is older than it is kept; false: it has seen all of
    // it within the last hour.
    bool sweep_due(timestamp now) const { return now >= next_sweep_; }
    void sweep_some(connection&, timestamp now);

    // Around what may be rolled back.
    std::size_t mark() const { return open_.mark(); }
    void undo(std::size_t mark) { open_.undo(mark); }
    void keep() { open_.keep(); }

private:
    static constexpr digest before_all{std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::min()};

    std::int64_t most_bytes_;
    open_deliveries open_;
    std::int64_t last_id_ = 0;
    digest swept_ = before_all;
    timestamp next_sweep_;
};

// Those that wait, oldest first, up to `limit` and about a mebibyte. For any connection.
std::vector<delivery> read_waiting(connection&, std::size_t limit);

}  // namespace memorypro::store::sqlite
