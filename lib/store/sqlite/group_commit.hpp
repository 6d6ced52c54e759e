// Many changes, one commit.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "store/sqlite/worker.hpp"

namespace memorypro::store::sqlite {

// Runs every job in a savepoint of one transaction, so that a job that throws fails alone, then
// `last`, and commits. When the transaction itself fails, every job of the batch has failed. False:
// nothing was committed.
bool commit_together(connection&, std::span<std::unique_ptr<job>>,
                     const std::function<void()>& last);

}  // namespace memorypro::store::sqlite
