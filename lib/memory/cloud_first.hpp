// Storing in mode cloud_first: to the cloud while the caller waits, to the queue when it does not
// take it. What the cloud takes is not kept here.
#pragma once

#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/turns.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "memory/copies.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

class cloud_first {
public:
    cloud_first(store::store&, cloud::client&, const config::settings&);

    // Without an idempotency key the memory's id is the cloud's key. With one, the cloud's key is
    // derived from it, so that a repeat is one for the cloud as well, whatever became of us
    // between; requests with the same key take turns.
    awaitable<result<store::accepted>> store(store::new_memory, std::optional<store::idempotency>);

    // `key`: of this content.
    awaitable<result<store::accepted>> sync(store::new_memory, std::string key);

private:
    awaitable<result<store::accepted>> send(store::new_memory, std::optional<store::idempotency>,
                                            std::string cloud_key);
    awaitable<> remember(store::idempotency, store::accepted);
    awaitable<> map(std::string local_id, std::string cloud_id, std::optional<store::renewal>);
    error failure(const cloud::judgement&) const;
    std::optional<store::outbound> fallback(const cloud::judgement&, store::cloud_call,
                                            std::string cloud_key) const;

    store::store& store_;
    cloud::client& cloud_;
    const config::settings& settings_;
    copies copies_;
    turns keys_;
};

}  // namespace memorypro::memory
