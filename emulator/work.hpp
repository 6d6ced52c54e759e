// The calls of the cloud's contract (DESIGN §5), done as promised.
#pragma once

#include "emulator/cloud.hpp"

namespace memorypro::emulator {

// work.cpp
awaitable<answer> store_memory(cloud&, http::exchange&);
awaitable<answer> sync_memory(cloud&, http::exchange&);
awaitable<answer> recall_memories(cloud&, http::exchange&);
// insights.cpp: what events told of, and the number of memories
awaitable<answer> show_insights(cloud&, http::exchange&);
json::object counted_insights(const store::totals&);
// webhooks.cpp
awaitable<answer> register_webhook(cloud&, http::exchange&);

}  // namespace memorypro::emulator
