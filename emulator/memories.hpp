// What the emulated cloud remembers: all that it asks of the store.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "memory/body.hpp"
#include "store/store.hpp"

namespace memorypro::emulator {

class memories {
public:
    memories(store::store&, const clock&);

    // `conflict`: the key was used with another body.
    awaitable<result<store::accepted>> store(memory::given_memory,
                                             std::optional<store::idempotency>);

    // The same local id again is the same memory of the cloud.
    awaitable<result<store::accepted>> sync(memory::given_memory,
                                            std::optional<store::idempotency>);

    // Best first.
    awaitable<std::vector<store::hit>> recall(memory::recall_request);

    awaitable<store::totals> count();

    // In the order of arrival, those after `seq`.
    awaitable<std::vector<store::memory>> after(std::int64_t seq, std::size_t limit);

private:
    store::store& store_;
    const clock& clock_;
    id_generator ids_;
};

}  // namespace memorypro::emulator
