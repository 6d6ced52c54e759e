// What the daemon keeps: the one seam to the database, in the words of the domain.
//
// All calls are made on the event loop and complete there; none blocks it. What a call that changes
// something reports has been committed, and under MEMORYPRO_DURABILITY=full synced to the disk. A
// call sees every change that completed before it was made. Expected failures are results
// (not_found, conflict, full, overloaded) or, where a call has none, thrown as `failed`; what is
// broken is thrown as anything else. An awaited call cannot be cancelled: it completes soon.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "store/backup.hpp"
#include "store/insight.hpp"
#include "store/memory.hpp"
#include "store/outbox.hpp"
#include "store/search.hpp"
#include "store/survey.hpp"

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

struct begun {
    std::optional<accepted> answer;
    timestamp at;
};

enum class imported { created, duplicate };

struct page {
    std::vector<memory> memories;
    std::optional<std::int64_t> next;  // the cursor of the page after; none: this was the last
    std::int64_t total = 0;            // of all pages
};

struct totals {
    std::int64_t memories = 0;  // archived ones included
    std::int64_t archived = 0;
    std::int64_t bytes = 0;  // on disk
};

// How far the search index is, by the numbers that memories got in their order: those that are gone
// count too.
struct index_extent {
    std::int64_t indexed = 0;
    std::int64_t behind = 0;  // committed, and not indexed yet
};

// What is known here of a memory that the cloud has.
struct known_memory {
    bool deleted = false;   // here: it is hidden from every recall
    bool archived = false;  // here, without a copy: hidden unless archived ones are asked for
    std::optional<std::string> local_id;
    std::optional<memory> copy;
};

// Whether an id that nothing here has may be the id of a memory in the cloud.
enum class unknown_ids { are_errors, are_the_clouds };
enum class cloud_copy { none, retained };

// What the cloud took in the place of a memory that is here, and the revision that this one had
// when the call began.
struct renewal {
    memory_content what;
    int of_revision = 0;
};

struct queued_locals {
    std::int64_t queued = 0;
    std::int64_t remaining = 0;
};

class store {
public:
    virtual ~store() = default;

    // ---- memories; an id is the local one, or the cloud's where one is known ----

    // `conflict`: the key was used with another body. With `outbound` the memory is `queued` and
    // its outbox row written in the same transaction; `full` also when the queue is.
    virtual awaitable<result<accepted>> accept_memory(new_memory, std::optional<idempotency>,
                                                      std::optional<outbound>) = 0;

    // The same id again is the same memory: it gets the new content and keeps its place in the
    // order. With `outbound` it is queued (again).
    virtual awaitable<result<accepted>> upsert_memory(new_memory, std::optional<outbound>) = 0;

    // All or none; one answer a memory, in their order. An id that exists, or existed and went to
    // the cloud, is left as it is.
    virtual awaitable<result<std::vector<imported>>> import_memories(std::vector<new_memory>,
                                                                     std::optional<outbound>) = 0;

    virtual awaitable<result<memory>> find_memory(std::string id) = 0;

    // A queued or dead memory is a new revision for the cloud; of a synced one only the copy here
    // changes, which a search for what the cloud does not have finds from then on. `full`: a queued
    // one has become too large for the queue. Where an attempt to store what it was did arrive, but
    // not its answer, the cloud may keep that as a second memory: a stray.
    virtual awaitable<result<memory>> amend_memory(std::string id, memory_patch) = 0;

    // With its outbox row. What the cloud has leaves a tombstone. What it may have, under an id
    // that it never told, is a stray; one whose time the caller gave is recalled as the cloud's.
    virtual awaitable<result<cloud_copy>> remove_memory(std::string id, unknown_ids) = 0;

    // Newest first, those before the cursor.
    virtual awaitable<page> list_memories(memory_filter, std::optional<std::int64_t> before,
                                          std::size_t limit) = 0;

    // Oldest first, those after `seq`, archived ones included.
    virtual awaitable<std::vector<memory>> memories_after(std::int64_t seq, std::size_t limit) = 0;

    // Best first; ties: the newest first. Ranked as recall::rank does, on the reader's thread. What
    // is not indexed yet is indexed first; `unavailable`: that would take long.
    virtual awaitable<std::vector<hit>> find_matches(search) = 0;

    // The index goes, and is built again as after a burst of stores: some at a time, while stores
    // go on and after a restart. Searches wait for it, or are told to come again.
    virtual awaitable<index_extent> rebuild_index() = 0;
    virtual index_extent indexed() const = 0;

    virtual awaitable<totals> count_memories() = 0;

    // Of the newest so many, and the most frequent values so many of each.
    virtual awaitable<survey> survey_memories(std::size_t newest, std::size_t most_values) = 0;

    // ---- what the cloud has ----

    // One answer an id, in their order.
    virtual awaitable<std::vector<known_memory>> find_known(std::vector<std::string> cloud_ids) = 0;

    // Which of these memories, as the cloud shows them, are strays: what it was sent of a memory
    // that was deleted or changed here before it told the id. That is told by the text, so one
    // whose id is known is none, whatever is said here. One answer a memory, in their order.
    virtual awaitable<std::vector<bool>> find_strays(std::vector<memory>) = 0;
    virtual bool has_strays() const = 0;

    // The cloud has the memory under both ids. A mere copy that is here is older, and goes. What
    // was kept, changed or archived here becomes what the cloud has, and a mere copy unless it is
    // archived; but what is another revision by now, or was stored or queued here, stays.
    virtual awaitable<result<void>> record_synced(std::string local_id, std::string cloud_id,
                                                  std::optional<renewal>) = 0;

    // A copy of what the cloud stored, for recall without it, in the place of an older mere copy;
    // records both ids. Not synced to the disk by itself.
    virtual awaitable<result<void>> keep_copy(new_memory, std::string cloud_id) = 0;

    // Drops the oldest copies until those left have at most so many bytes; what is kept for good,
    // or was changed or archived here, is more than a copy. Some at a time; true: there are more.
    virtual awaitable<bool> trim_copies(std::uint64_t most_bytes) = 0;

    // What the key was answered: nullopt for a new one; `conflict`: with another body.
    virtual awaitable<result<std::optional<accepted>>> find_answer(idempotency) = 0;

    // The same, and of a key without an answer: when it was first begun, `now` for a new one. A
    // later attempt can then be the same request. Not synced to the disk by itself.
    virtual awaitable<result<begun>> begin_answer(idempotency, timestamp now) = 0;
    virtual awaitable<result<void>> remember_answer(idempotency, accepted) = 0;

    // ---- the outbox ----

    virtual awaitable<claimed_outbox> claim_outbox(claim_limits) = 0;

    // Applies what became of a lane's entries, in their order, and with `release` gives the lane
    // and its unsettled rows back. An entry whose memory has changed since stays queued; one whose
    // memory is gone leaves a tombstone for the cloud's id. An archived memory is never dropped:
    // the cloud does not know that it is hidden.
    virtual awaitable<settled> settle_outbox(std::int64_t scope, std::vector<settlement>,
                                             after_sync, bool release) = 0;

    // Oldest first, those after the cursor; of one state, or all.
    virtual awaitable<outbox_page> list_outbox(std::optional<outbox_state>,
                                               std::optional<std::int64_t> after,
                                               std::size_t limit) = 0;
    virtual awaitable<result<outbox_item>> find_outbox(std::int64_t id) = 0;

    // Due at once; a dead letter becomes pending again, when the queue is not `full`.
    virtual awaitable<result<outbox_item>> retry_outbox(std::int64_t id) = 0;
    // Not sent (again); its memory stays, as `local`, or becomes `synced` when it was in flight and
    // the cloud took it.
    virtual awaitable<result<void>> remove_outbox(std::int64_t id) = 0;
    // Everything that is pending is due at once.
    virtual awaitable<> hasten_outbox() = 0;

    // Queues what is only local, oldest first, up to `limit`.
    virtual awaitable<result<queued_locals>> queue_locals(cloud_call, std::size_t limit) = 0;

    virtual awaitable<outbox_totals> count_outbox() = 0;

    // ---- insights ----

    // Durable before it answers; false: a delivery with this id is known (for 7 days).
    // `overloaded`: too many wait to be processed.
    virtual awaitable<result<bool>> accept_delivery(delivery) = 0;
    // Those that are not processed yet, oldest first, up to `limit` and about a mebibyte.
    virtual awaitable<std::vector<delivery>> waiting_deliveries(std::size_t limit) = 0;

    // Records and applies what is new, one answer an item, and with that marks the deliveries
    // processed: all in one transaction. archive hides the memories from recall, here and of the
    // cloud's, prioritize raises their priority to high, a delete waits for apply_recommendation;
    // so does all that came while its feature was off. Of each kind the newest are kept, up to a
    // number and a size.
    virtual awaitable<result<std::vector<recorded>>> record_insights(
        std::vector<new_insight>, insight_source, std::vector<std::string> delivery_ids,
        unknown_ids) = 0;

    // Oldest first, those after `since`.
    virtual awaitable<listing<insight>> list_insights(std::int64_t since, std::size_t limit) = 0;
    virtual awaitable<std::optional<insight>> latest_memory_insights() = 0;
    // Evolution updates that hold any of the words, best first.
    virtual awaitable<std::vector<evolution_match>> find_evolution(std::vector<std::string> words,
                                                                   std::size_t limit) = 0;

    // Newest first.
    virtual awaitable<listing<recommendation>> list_recommendations(
        std::optional<recommendation_status>, std::optional<std::int64_t> before,
        std::size_t limit) = 0;
    // Does what it says; `inapplicable`: it says something else than the three, or of no memories.
    // The same decision again changes nothing; `conflict`: the other one was made. But an archive
    // that is applied can be dismissed still: what it has hidden is shown again.
    virtual awaitable<result<decision>> apply_recommendation(std::int64_t id, unknown_ids) = 0;
    virtual awaitable<result<decision>> dismiss_recommendation(std::int64_t id) = 0;

    // Urgent first, then oldest first. A cursor that no page gave is thrown as `invalid_field`.
    virtual awaitable<listing<action>> list_actions(std::optional<action_status>,
                                                    std::optional<std::string> cursor,
                                                    std::size_t limit) = 0;
    virtual awaitable<result<action>> set_action_status(std::int64_t id, action_status) = 0;

    // `overloaded`: another is there.
    virtual result<std::shared_ptr<backup>> begin_backup() = 0;

    // Completes when the writer has answered: it is alive.
    virtual awaitable<> ping() = 0;
};

}  // namespace memorypro::store
