// Where the account wants its webhooks delivered: kept on the disk, with the secret.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace memorypro::emulator {

struct webhook {
    std::string url;
    std::string secret;
    std::vector<std::string> events;
};

// The body of webhooks/register: webhook_url webhook_secret events.
result<webhook> parse_webhook(const json::object&);

class webhook_registry {
public:
    // Reads what the file holds, when it is there.
    explicit webhook_registry(std::string path);

    const std::optional<webhook>& registered() const { return registered_; }
    void put(webhook);

private:
    std::string path_;
    std::optional<webhook> registered_;
};

}  // namespace memorypro::emulator
