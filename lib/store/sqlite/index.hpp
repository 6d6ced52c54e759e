// The indexes that follow behind the commits: texts (FTS5) and scopes (user, agent, session).
//
// They hold exactly the memories with seq <= indexed_seq, in the same database, so a crash leaves
// all consistent. New memories are added in chunks; a change to an indexed one is applied at once.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

std::int64_t read_indexed_seq(connection&);

// What is to be indexed: seq > after and <= until, of which some may be gone.
struct index_range {
    std::int64_t after = 0;
    std::int64_t until = 0;
};

struct index_progress {
    std::int64_t indexed_seq = 0;
    std::size_t bytes = 0;  // of the texts that were added
};

// Adds up to `limit` memories, or about a mebibyte of text, at least one: a store that waits for
// its turn does not wait long. In the caller's transaction.
index_progress index_next(connection&, index_range, std::size_t limit);

// Leaves them empty, as the schema created them; the text index of what the cloud has learned, of
// which there is a bounded amount, is whole again at once. In the caller's transaction.
void clear_index(connection&);

// The same in a transaction of its own.
void empty_index(connection&);

// For a memory that is indexed: it goes, or becomes another. In the caller's transaction.
void unindex(connection&, const memory&);
void reindex(connection&, const memory& before, const memory& after);

}  // namespace memorypro::store::sqlite
