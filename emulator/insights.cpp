#include "base/sha256.hpp"
#include "emulator/work.hpp"

namespace memorypro::emulator {

json::object counted_insights(const store::totals& totals) {
    const double health = totals.memories == 0
                              ? 1
                              : static_cast<double>(totals.memories - totals.archived) /
                                    static_cast<double>(totals.memories);
    return {{"memory_health_score", health},
            {"total_memories", totals.memories},
            {"archived_memories", totals.archived},
            {"patterns", json::array()}};
}

awaitable<answer> show_insights(cloud& c, http::exchange& x) {
    auto document = to_json(c.findings.document(counted_insights(co_await c.memories.count())));
    const std::string tag = '"' + sha256_hex(document).substr(0, 16) + '"';
    auto reply = x.request.header("If-None-Match") == tag ? http::reply{.status = 304}
                                                          : json_reply(200, std::move(document));
    reply.headers.emplace_back("ETag", tag);
    co_return reply;
}

}  // namespace memorypro::emulator
