// The Idempotency-Key headers of the last days and what they were answered.
#pragma once

#include <chrono>
#include <optional>

#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

namespace memorypro::store::sqlite {

inline constexpr std::chrono::days idempotency_keys_kept{7};

// nullopt: a key without an answer. `conflict`: it came with another body. In the caller's
// transaction.
std::optional<result<accepted>> answer_for_key(connection&, const idempotency&, timestamp now);

// When the key came first with this body, of one that has no answer; a new one is noted.
timestamp begin_key(connection&, const idempotency&, timestamp now);

void remember_key(connection&, const idempotency&, const accepted&, timestamp now);

// Drops some that are older than they are kept; false when there was none.
bool forget_old_keys(connection&, timestamp now);

}  // namespace memorypro::store::sqlite
