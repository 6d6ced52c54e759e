// What the daemon keeps: the one seam to the database, in the words of the domain.
//
// All calls are made on the event loop and complete there; none blocks it. What a call that changes
// something reports has been committed, and under MEMORYPRO_DURABILITY=full synced to the disk. A
// call sees every change that completed before it was made. Expected failures are results
// (not_found, conflict, full, overloaded) or, where a call has none, thrown as `failed`; what is
// broken is thrown as anything else. An awaited call cannot be cancelled: it completes soon.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "store/memory.hpp"

namespace memorypro::store {

// Of an Idempotency-Key header: the key and a digest of the body that came with it.
struct idempotency {
    std::string key;
    std::string body_digest;
};

struct accepted {
    std::string id;
    store::sync_state sync_state = sync_state::local;
    bool created = true;    // false: an upsert met a memory with this id, or a replay
    bool replayed = false;  // the key was known: the first answer, and nothing stored
};

enum class imported { created, duplicate };

struct page {
    std::vector<memory> memories;
    std::optional<std::int64_t> next;  // the cursor of the page after; none: this was the last
    std::int64_t total = 0;            // of all pages
};

// What a ranking is computed from. The text score is BM25 over the query's words, divided by its
// upper bound: 0 to 1, the share of the query's information that the memory holds.
struct candidate {
    double text = 0;
    timestamp time;
    store::priority priority = priority::medium;
};
using scorer = std::function<double(const candidate&)>;

struct search {
    std::vector<std::string> words;  // as the user wrote them; any of them may match
    memory_filter filter;
    std::size_t limit = 5;
    double min_score = 0;
    scorer score;  // called on the reader's thread
};

struct hit {
    store::memory memory;
    candidate signals;
    double score = 0;
};

struct totals {
    std::int64_t memories = 0;  // archived ones included
    std::int64_t archived = 0;
    std::int64_t bytes = 0;  // on disk
};

class store {
public:
    virtual ~store() = default;

    // `conflict`: the key was used with another body.
    virtual awaitable<result<accepted>> accept_memory(new_memory, std::optional<idempotency>) = 0;

    // The same id again is the same memory: it gets the new content and keeps its place in the
    // order.
    virtual awaitable<result<accepted>> upsert_memory(new_memory) = 0;

    // All or none; one answer a memory, in their order. An id that exists is left as it is.
    virtual awaitable<result<std::vector<imported>>> import_memories(std::vector<new_memory>) = 0;

    virtual awaitable<result<memory>> find_memory(std::string id) = 0;
    virtual awaitable<result<memory>> amend_memory(std::string id, memory_patch) = 0;
    virtual awaitable<result<memory>> remove_memory(std::string id) = 0;  // what it was

    // Newest first, those before the cursor.
    virtual awaitable<page> list_memories(memory_filter, std::optional<std::int64_t> before,
                                          std::size_t limit) = 0;

    // Oldest first, those after `seq`, archived ones included.
    virtual awaitable<std::vector<memory>> memories_after(std::int64_t seq, std::size_t limit) = 0;

    // Best first.
    virtual awaitable<std::vector<hit>> find_matches(search) = 0;

    virtual awaitable<totals> count_memories() = 0;

    // Completes when those who write and read have answered: they are alive.
    virtual awaitable<> ping() = 0;
};

}  // namespace memorypro::store
