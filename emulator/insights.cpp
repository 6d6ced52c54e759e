#include <fmt/format.h>

#include "base/sha256.hpp"
#include "emulator/work.hpp"

namespace memorypro::emulator {

// Nothing here thinks about the memories: the insights are their number and what is in use.
awaitable<answer> show_insights(cloud& c, http::exchange& x) {
    const auto totals = co_await c.memories.count();
    const double health = totals.memories == 0
                              ? 1
                              : static_cast<double>(totals.memories - totals.archived) /
                                    static_cast<double>(totals.memories);
    std::string document =
        "{\"evolution_updates\":[],\"lifecycle_recommendations\":[],\"memory_insights\":{"
        "\"memory_health_score\":";
    append_json(document, json::value(health));
    document += fmt::format(",\"total_memories\":{},\"archived_memories\":{},\"patterns\":[]}}}}",
                            totals.memories, totals.archived);
    const std::string tag = '"' + sha256_hex(document).substr(0, 16) + '"';
    auto reply = x.request.header("If-None-Match") == tag ? http::reply{.status = 304}
                                                          : json_reply(200, std::move(document));
    reply.headers.emplace_back("ETag", tag);
    co_return reply;
}

}  // namespace memorypro::emulator
