// Memories as the JSON that answers and exports hold.
#pragma once

#include <string>

#include "base/json.hpp"
#include "store/memory.hpp"

namespace memorypro::memory {

// A memory's members without the closing brace, for whoever adds some:
// memory_id content metadata session_id agent_id user_id memory_type tags priority timestamp
// created_at archived sync_state, then the fields that we do not know.
void append_open_memory(std::string& out, const store::memory&);

void append_memory(std::string& out, const store::memory&);

}  // namespace memorypro::memory
