// The embedded store: one SQLite database, one thread that writes and one that reads.
#pragma once

#include <memory>
#include <string>

#include "base/time.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/data_directory.hpp"
#include "store/sqlite/options.hpp"
#include "store/sqlite/worker.hpp"
#include "store/sqlite/write_side.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

class sqlite_store final : public store {
public:
    // Creates or upgrades the database. Throws unusable_database, directory_in_use, sqlite_error.
    sqlite_store(executor loop, const clock&, const options&);

    awaitable<result<accepted>> accept_memory(new_memory, std::optional<idempotency>,
                                              std::optional<outbound>) override;
    awaitable<result<accepted>> upsert_memory(new_memory, std::optional<outbound>) override;
    awaitable<result<std::vector<imported>>> import_memories(std::vector<new_memory>,
                                                             std::optional<outbound>) override;
    awaitable<result<memory>> find_memory(std::string id) override;
    awaitable<result<memory>> amend_memory(std::string id, memory_patch) override;
    awaitable<result<cloud_copy>> remove_memory(std::string id, unknown_ids) override;
    awaitable<page> list_memories(memory_filter, std::optional<std::int64_t> before,
                                  std::size_t limit) override;
    awaitable<std::vector<memory>> memories_after(std::int64_t seq, std::size_t limit) override;
    awaitable<std::vector<hit>> find_matches(search) override;
    awaitable<index_extent> rebuild_index() override;
    index_extent indexed() const override;
    awaitable<totals> count_memories() override;
    awaitable<survey> survey_memories(std::size_t newest, std::size_t most_values) override;

    awaitable<std::vector<known_memory>> find_known(std::vector<std::string> cloud_ids) override;
    awaitable<std::vector<bool>> find_strays(std::vector<memory>) override;
    bool has_strays() const override { return write_side_.has_strays(); }
    awaitable<result<void>> record_synced(std::string local_id, std::string cloud_id,
                                          std::optional<renewal>) override;
    awaitable<result<void>> keep_copy(new_memory, std::string cloud_id) override;
    awaitable<bool> trim_copies(std::uint64_t most_bytes) override;
    awaitable<result<std::optional<accepted>>> find_answer(idempotency) override;
    awaitable<result<begun>> begin_answer(idempotency, timestamp now) override;
    awaitable<result<void>> remember_answer(idempotency, accepted) override;

    awaitable<claimed_outbox> claim_outbox(claim_limits) override;
    awaitable<settled> settle_outbox(std::int64_t scope, std::vector<settlement>, after_sync,
                                     bool release) override;
    awaitable<outbox_page> list_outbox(std::optional<outbox_state>,
                                       std::optional<std::int64_t> after,
                                       std::size_t limit) override;
    awaitable<result<outbox_item>> find_outbox(std::int64_t id) override;
    awaitable<result<outbox_item>> retry_outbox(std::int64_t id) override;
    awaitable<result<void>> remove_outbox(std::int64_t id) override;
    awaitable<> hasten_outbox() override;
    awaitable<result<queued_locals>> queue_locals(cloud_call, std::size_t limit) override;
    awaitable<outbox_totals> count_outbox() override;

    awaitable<result<bool>> accept_delivery(delivery) override;
    awaitable<std::vector<delivery>> waiting_deliveries(std::size_t limit) override;
    awaitable<result<std::vector<recorded>>> record_insights(std::vector<new_insight>,
                                                             insight_source,
                                                             std::vector<std::string> delivery_ids,
                                                             unknown_ids) override;
    awaitable<listing<insight>> list_insights(std::int64_t since, std::size_t limit) override;
    awaitable<std::optional<insight>> latest_memory_insights() override;
    awaitable<std::vector<evolution_match>> find_evolution(std::vector<std::string> words,
                                                           std::size_t limit) override;
    awaitable<listing<recommendation>> list_recommendations(std::optional<recommendation_status>,
                                                            std::optional<std::int64_t> before,
                                                            std::size_t limit) override;
    awaitable<result<decision>> apply_recommendation(std::int64_t id, unknown_ids) override;
    awaitable<result<decision>> dismiss_recommendation(std::int64_t id) override;
    awaitable<listing<action>> list_actions(std::optional<action_status>,
                                            std::optional<std::string> cursor,
                                            std::size_t limit) override;
    awaitable<result<action>> set_action_status(std::int64_t id, action_status) override;

    result<std::shared_ptr<backup>> begin_backup() override;

    awaitable<> ping() override;

    // options::most_queue_bytes, from now on.
    void bound_queue(std::int64_t most_bytes) { write_side_.bound_queue(most_bytes); }

private:
    void read_each(batch&);  // on the reader's thread
    awaitable<std::optional<error>> catch_up_index(std::int64_t newest);
    awaitable<bool> has_unsynced();

    // In the writer's next transaction; what fails leaves no trace.
    template <class Work>
    auto change(effect e, Work work) {
        return writer_.submit(e, [this, work = std::move(work)](connection& db) mutable {
            return write_side_.keep_counts_true(db, work);
        });
    }

    executor loop_;
    data_directory directory_;
    const clock& clock_;
    write_side write_side_;
    connection reader_db_;
    std::weak_ptr<backup> backup_;
    worker writer_;
    worker reader_;
};

}  // namespace memorypro::store::sqlite
