// Copies of what the cloud took, for a recall without it (MEMORYPRO_CACHE_MAX_BYTES): kept behind
// the answers, which nobody waits for. Losing one loses no memory.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "config/settings.hpp"
#include "store/store.hpp"

namespace memorypro::memory {

class copies {
public:
    copies(store::store& s, const config::settings& settings) : store_(s), settings_(settings) {}

    // Nothing when the cache is off, or when too much waits already.
    void keep(const executor&, store::new_memory, std::string cloud_id);

    // Lets the oldest go until the others fit, also where the cache is off.
    void trim(const executor&);

private:
    struct copy {
        store::new_memory memory;
        std::string cloud_id;
    };

    void start(const executor&);
    awaitable<> work();
    awaitable<> keep_all(std::vector<copy>);

    static constexpr std::size_t most_waiting = 256;
    static constexpr std::size_t most_waiting_bytes = 8 << 20;

    store::store& store_;
    const config::settings& settings_;
    std::vector<copy> waiting_;
    std::size_t waiting_bytes_ = 0;  // of their contents
    bool working_ = false;
    bool trim_wanted_ = false;
};

}  // namespace memorypro::memory
