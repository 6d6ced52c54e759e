#include "emulator/routes.hpp"

#include "emulator/contract.hpp"
#include "emulator/control.hpp"
#include "emulator/delivery.hpp"
#include "emulator/events.hpp"
#include "emulator/work.hpp"

namespace memorypro::emulator {
namespace {

using http::body_kind;
using http::verb;

constexpr std::string_view prefix = "/api/v1/";

struct entry {
    verb method;
    std::string_view pattern;
    work handle;
};

constexpr entry contract[] = {
    {verb::post, "/api/v1/memory/store", &store_memory},
    {verb::post, "/api/v1/memory/sync", &sync_memory},
    {verb::post, "/api/v1/memory/recall", &recall_memories},
    {verb::get, "/api/v1/memory/insights", &show_insights},
    {verb::post, "/api/v1/webhooks/register", &register_webhook},
};

constexpr entry control[] = {
    {verb::get, "/emulator/state", &show_state},
    {verb::get, "/emulator/memories", &show_memories},
    {verb::get, "/emulator/faults", &show_faults},
    {verb::post, "/emulator/faults", &replace_faults},
    {verb::delete_, "/emulator/faults", &clear_faults},
    {verb::post, "/emulator/credentials", &replace_credentials},
    {verb::post, "/emulator/events", &send_event},
    {verb::post, "/emulator/webhooks/send", &send_webhook},
};

}  // namespace

std::vector<http::route> routes(cloud& c) {
    std::vector<http::route> made;
    for (const auto& e : contract) {
        const auto call = e.pattern.substr(prefix.size());
        c.requests[call] = 0;
        made.push_back({.method = e.method,
                        .pattern = e.pattern,
                        .handle = [&c, call, handle = e.handle](
                                      http::exchange& x) { return serve_call(c, call, handle, x); },
                        .body = body_kind::stream});
    }
    for (const auto& e : control)
        made.push_back(
            {.method = e.method,
             .pattern = e.pattern,
             .handle = [&c, handle = e.handle](http::exchange& x) { return handle(c, x); },
             .body = e.method == verb::post ? body_kind::json : body_kind::none,
             .mutates = e.method != verb::get});
    return made;
}

}  // namespace memorypro::emulator
