// The handlers behind the routes; each file of this folder has those of one resource.
#pragma once

#include "api/resources.hpp"

namespace memorypro::api {

// store.cpp
awaitable<answer> store_memory(resources&, http::exchange&);
awaitable<answer> sync_memory(resources&, http::exchange&);
// recall.cpp
awaitable<answer> recall_memories(resources&, http::exchange&);
// memories.cpp
awaitable<answer> list_memories(resources&, http::exchange&);
awaitable<answer> get_memory(resources&, http::exchange&);
awaitable<answer> patch_memory(resources&, http::exchange&);
awaitable<answer> delete_memory(resources&, http::exchange&);
// transfer.cpp
awaitable<answer> import_memories(resources&, http::exchange&);
awaitable<answer> export_memories(resources&, http::exchange&);
// backup.cpp
awaitable<answer> back_up(resources&, http::exchange&);
// events.cpp
awaitable<answer> stream_events(resources&, http::exchange&);
// queue.cpp
awaitable<answer> list_queue(resources&, http::exchange&);
awaitable<answer> get_queued(resources&, http::exchange&);
awaitable<answer> queue_locals(resources&, http::exchange&);
awaitable<answer> retry_queued(resources&, http::exchange&);
awaitable<answer> delete_queued(resources&, http::exchange&);
// flush.cpp
awaitable<answer> flush_queue(resources&, http::exchange&);
// index.cpp
awaitable<answer> rebuild_index(resources&, http::exchange&);
// insights.cpp
awaitable<answer> show_memory_insights(resources&, http::exchange&);
awaitable<answer> list_insights(resources&, http::exchange&);
// recommendations.cpp
awaitable<answer> list_recommendations(resources&, http::exchange&);
awaitable<answer> apply_recommendation(resources&, http::exchange&);
awaitable<answer> dismiss_recommendation(resources&, http::exchange&);
// actions.cpp
awaitable<answer> list_actions(resources&, http::exchange&);
awaitable<answer> patch_action(resources&, http::exchange&);
// status.cpp
awaitable<answer> show_status(resources&, http::exchange&);
awaitable<answer> show_capabilities(resources&, http::exchange&);
// probes.cpp
awaitable<answer> probe_live(resources&, http::exchange&);
awaitable<answer> probe_ready(resources&, http::exchange&);
awaitable<answer> show_metrics(resources&, http::exchange&);
awaitable<answer> show_openapi(resources&, http::exchange&);

}  // namespace memorypro::api
