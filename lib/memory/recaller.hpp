// Recall: what is here, or what the cloud has with what still waits for it.
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "memory/body.hpp"
#include "memory/evolution.hpp"
#include "memory/recall_answer.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

class recaller {
public:
    recaller(store::store&, cloud::client&, const clock&, const config::settings&);

    awaitable<result<recall_answer>> from_here(recall_request);

    // From here, `degraded`, when the cloud does not answer.
    awaitable<result<recall_answer>> from_cloud(recall_request);

private:
    enum class among { all, unsynced };
    awaitable<std::vector<recalled>> search(recall_request, among);
    awaitable<result<recall_answer>> degraded(recall_request);
    awaitable<recall_answer> combine(recall_request, cloud::recalled, std::vector<recalled> mine);

    store::store& store_;
    cloud::client& cloud_;
    const clock& clock_;
    const config::settings& settings_;
    evolution evolution_;
};

}  // namespace memorypro::memory
