// What the writer knows of all rows without reading them, as the current transaction has it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace memorypro::store::sqlite {

struct tally {
    // The outbox's rows, and the bytes of those that are pending or in flight.
    std::int64_t pending = 0;
    std::int64_t in_flight = 0;
    std::int64_t dead = 0;
    std::int64_t queued_bytes = 0;

    std::int64_t sorted_id = 0;  // the rows up to here are in their lanes
    std::int64_t oldest_id = 0;  // no row below is pending or in flight
    timestamp last_claim;

    std::int64_t locals_after = 0;       // no memory up to here is local
    std::optional<std::int64_t> locals;  // counted when first asked for
    std::optional<std::int64_t> copy_bytes;
    std::int64_t edited = 0;
    std::int64_t strays = 0;

    // The log of insights. Of each kind, those whose feature was off and the others: counted when
    // first asked for.
    struct log_size {
        std::int64_t count = 0;
        std::int64_t bytes = 0;  // of their payloads
    };
    std::array<std::array<std::optional<log_size>, 2>, 5> insights;
};

}  // namespace memorypro::store::sqlite
