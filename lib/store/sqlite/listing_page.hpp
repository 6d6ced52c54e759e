// One page of a listing, from a query that gives the place of each row in its first column.
#pragma once

#include "store/insight.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/rows.hpp"

namespace memorypro::store::sqlite {

// Up to `limit` rows, fewer when they are large, at least one. The query gives at least one more:
// that there is one tells whether there is a page after this one.
template <class T, class Read>
void read_listing(statement& query, std::size_t limit, listing<T>& page, Read read) {
    std::size_t bytes = 0;
    std::int64_t last = 0;
    while (query.step()) {
        if (page.items.size() == limit || bytes >= most_page_bytes) {
            page.next = last;
            return;
        }
        last = query.integer(0);
        page.items.push_back(read(query));
        bytes += query.row_bytes();
    }
}

}  // namespace memorypro::store::sqlite
