// What the handlers of the emulated cloud work with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/result.hpp"
#include "emulator/courier.hpp"
#include "emulator/fault_list.hpp"
#include "emulator/findings.hpp"
#include "emulator/memories.hpp"
#include "emulator/webhooks.hpp"
#include "http/exchange.hpp"
#include "http/message.hpp"
#include "http/server.hpp"

namespace memorypro::emulator {

struct credentials {
    std::string api_key;
    std::string api_secret;
};

// All used on the event loop; outlives the server.
struct cloud {
    emulator::memories& memories;
    emulator::findings& findings;
    webhook_registry& webhooks;
    emulator::courier& courier;
    fault_list faults;
    std::optional<credentials> account;                       // none: revoked
    std::map<std::string_view, std::uint64_t> requests = {};  // by call: "memory/store"
    std::uint64_t idempotent_replays = 0;
    const http::server* server = nullptr;  // that serves all this
    bool stopping = false;
};

using answer = result<http::reply>;

inline http::reply json_reply(unsigned status, std::string body) {
    return {.status = status, .body = std::move(body)};
}

}  // namespace memorypro::emulator
