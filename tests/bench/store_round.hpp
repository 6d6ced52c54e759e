// One round of stores against one server, into one row: shared by the scenarios that store.
#pragma once

#include <optional>

#include "scenarios.hpp"

namespace memorypro::bench {

struct store_subject {
    std::optional<server> running;
    store_requests requests;
    row* into;
};

// Work that the server defers is waited for, so that it falls into nobody's round, and is part of
// cpu_all_us.
void store_round(const bench_run&, store_subject&, std::size_t connections);

}  // namespace memorypro::bench
