// The memory service: what an agent asks of its memory, whoever keeps it: the table of DESIGN §6.
//
// The mode is that of the settings at each call; a reload may change it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/ids.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "memory/body.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

struct recalled {
    store::memory memory;
    double score = 0;                        // 0 to 1
    std::optional<recall::signals> signals;  // of what was ranked here
};

enum class answered_by { local, cloud, merged };

struct recall_answer {
    std::vector<recalled> memories;  // best first
    answered_by source = answered_by::local;
    bool degraded = false;  // the cloud should have answered and did not
    std::string actions_json = "[]";
    std::string analysis_json = "{}";
};

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
    void announce_stored(const std::string& id);

    store::store& store_;
    events::hub& events_;
    metrics& metrics_;
    const clock& clock_;
    id_generator ids_;
};

}  // namespace memorypro::memory
