// A store for the tests of what uses little of it: overridden is what a test is about, all else
// fails it.
#pragma once

#include <stdexcept>

#include "store/store.hpp"

namespace memorypro::store {

namespace detail {

template <class T = void>
awaitable<T> unused() {
    throw std::logic_error("a call of the store that the test does not expect");
}

}  // namespace detail

class store_stand_in : public store {
public:
    awaitable<result<accepted>> accept_memory(new_memory, std::optional<idempotency>,
                                              std::optional<outbound>) override {
        return detail::unused<result<accepted>>();
    }
    awaitable<result<accepted>> upsert_memory(new_memory, std::optional<outbound>) override {
        return detail::unused<result<accepted>>();
    }
    awaitable<result<std::vector<imported>>> import_memories(std::vector<new_memory>,
                                                             std::optional<outbound>) override {
        return detail::unused<result<std::vector<imported>>>();
    }
    awaitable<result<memory>> find_memory(std::string) override {
        return detail::unused<result<memory>>();
    }
    awaitable<result<memory>> amend_memory(std::string, memory_patch) override {
        return detail::unused<result<memory>>();
    }
    awaitable<result<cloud_copy>> remove_memory(std::string, unknown_ids) override {
        return detail::unused<result<cloud_copy>>();
    }
    awaitable<page> list_memories(memory_filter, std::optional<std::int64_t>,
                                  std::size_t) override {
        return detail::unused<page>();
    }
    awaitable<std::vector<memory>> memories_after(std::int64_t, std::size_t) override {
        return detail::unused<std::vector<memory>>();
    }
    awaitable<std::vector<hit>> find_matches(search) override {
        return detail::unused<std::vector<hit>>();
    }
    awaitable<index_extent> rebuild_index() override { return detail::unused<index_extent>(); }
    index_extent indexed() const override {
        throw std::logic_error("a call of the store that the test does not expect");
    }
    awaitable<totals> count_memories() override { return detail::unused<totals>(); }
    awaitable<survey> survey_memories(std::size_t, std::size_t) override {
        return detail::unused<survey>();
    }
    awaitable<std::vector<bool>> find_strays(std::vector<memory>) override {
        return detail::unused<std::vector<bool>>();
    }
    bool has_strays() const override {
        throw std::logic_error("a call of the store that the test does not expect");
    }
    awaitable<std::vector<known_memory>> find_known(std::vector<std::string>) override {
        return detail::unused<std::vector<known_memory>>();
    }
    awaitable<result<void>> record_synced(std::string, std::string,
                                          std::optional<renewal>) override {
        return detail::unused<result<void>>();
    }
    awaitable<result<void>> keep_copy(new_memory, std::string) override {
        return detail::unused<result<void>>();
    }
    awaitable<bool> trim_copies(std::uint64_t) override { return detail::unused<bool>(); }
    awaitable<result<std::optional<accepted>>> find_answer(idempotency) override {
        return detail::unused<result<std::optional<accepted>>>();
    }
    awaitable<result<begun>> begin_answer(idempotency, timestamp) override {
        return detail::unused<result<begun>>();
    }
    awaitable<result<void>> remember_answer(idempotency, accepted) override {
        return detail::unused<result<void>>();
    }
    awaitable<claimed_outbox> claim_outbox(claim_limits) override {
        return detail::unused<claimed_outbox>();
    }
    awaitable<settled> settle_outbox(std::int64_t, std::vector<settlement>, after_sync,
                                     bool) override {
        return detail::unused<settled>();
    }
    awaitable<outbox_page> list_outbox(std::optional<outbox_state>, std::optional<std::int64_t>,
                                       std::size_t) override {
        return detail::unused<outbox_page>();
    }
    awaitable<result<outbox_item>> find_outbox(std::int64_t) override {
        return detail::unused<result<outbox_item>>();
    }
    awaitable<result<outbox_item>> retry_outbox(std::int64_t) override {
        return detail::unused<result<outbox_item>>();
    }
    awaitable<result<void>> remove_outbox(std::int64_t) override {
        return detail::unused<result<void>>();
    }
    awaitable<> hasten_outbox() override { return detail::unused<>(); }
    awaitable<result<queued_locals>> queue_locals(cloud_call, std::size_t) override {
        return detail::unused<result<queued_locals>>();
    }
    awaitable<outbox_totals> count_outbox() override { return detail::unused<outbox_totals>(); }
    awaitable<result<bool>> accept_delivery(delivery) override {
        return detail::unused<result<bool>>();
    }
    awaitable<std::vector<delivery>> waiting_deliveries(std::size_t) override {
        return detail::unused<std::vector<delivery>>();
    }
    awaitable<result<std::vector<recorded>>> record_insights(std::vector<new_insight>,
                                                             insight_source,
                                                             std::vector<std::string>,
                                                             unknown_ids) override {
        return detail::unused<result<std::vector<recorded>>>();
    }
    awaitable<listing<insight>> list_insights(std::int64_t, std::size_t) override {
        return detail::unused<listing<insight>>();
    }
    awaitable<std::optional<insight>> latest_memory_insights() override {
        return detail::unused<std::optional<insight>>();
    }
    awaitable<std::vector<evolution_match>> find_evolution(std::vector<std::string>,
                                                           std::size_t) override {
        return detail::unused<std::vector<evolution_match>>();
    }
    awaitable<listing<recommendation>> list_recommendations(std::optional<recommendation_status>,
                                                            std::optional<std::int64_t>,
                                                            std::size_t) override {
        return detail::unused<listing<recommendation>>();
    }
    awaitable<result<decision>> apply_recommendation(std::int64_t, unknown_ids) override {
        return detail::unused<result<decision>>();
    }
    awaitable<result<decision>> dismiss_recommendation(std::int64_t) override {
        return detail::unused<result<decision>>();
    }
    awaitable<listing<action>> list_actions(std::optional<action_status>,
                                            std::optional<std::string>, std::size_t) override {
        return detail::unused<listing<action>>();
    }
    awaitable<result<action>> set_action_status(std::int64_t, action_status) override {
        return detail::unused<result<action>>();
    }
    result<std::shared_ptr<backup>> begin_backup() override {
        throw std::logic_error("a call of the store that the test does not expect");
    }
    awaitable<> ping() override { return detail::unused<>(); }
};

}  // namespace memorypro::store
