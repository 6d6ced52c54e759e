// The memory service: what an agent asks of its memory, whoever keeps it: the table of DESIGN §6.
//
// The mode is that of the settings at each call; a reload may change it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/ids.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "base/turns.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "memory/body.hpp"
#include "memory/cloud_first.hpp"
#include "memory/recaller.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

class service {
public:
    // `outbox_news` is rung when something was queued.
    service(store::store&, cloud::client&, events::hub&, metrics&, bell& outbox_news, const clock&,
            const config::settings&);

    awaitable<result<store::accepted>> store(given_memory, std::optional<store::idempotency>);
    awaitable<result<store::accepted>> sync(given_memory);
    awaitable<result<recall_answer>> recall(recall_request);

    // All or none of them; see store::import_memories.
    awaitable<result<std::vector<store::imported>>> import(std::vector<given_memory>);

    awaitable<result<store::memory>> get(std::string id);
    awaitable<result<store::memory>> amend(std::string id, store::memory_patch);
    awaitable<result<store::cloud_copy>> remove(std::string id);
    awaitable<store::page> list(store::memory_filter, std::optional<std::int64_t> before,
                                std::size_t limit);
    awaitable<std::vector<store::memory>> export_after(std::int64_t seq, std::size_t limit);

private:
    store::new_memory admit(given_memory);
    result<store::memory> explained(result<store::memory>) const;
    void announce(const std::string& id, store::sync_state);

    store::store& store_;
    events::hub& events_;
    metrics& metrics_;
    bell& outbox_news_;
    const clock& clock_;
    const config::settings& settings_;
    id_generator ids_;
    turns syncs_;  // of one memory
    cloud_first cloud_first_;
    recaller recaller_;
};

}  // namespace memorypro::memory
