// Asks the cloud for insights at intervals and hands them to the processor.
//
// Runs on the event loop. In local mode, and with MEMORYPRO_ENABLE_POLLING=false, it asks nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/time.hpp"
#include "cloud/client.hpp"
#include "config/settings.hpp"
#include "insights/poll_schedule.hpp"
#include "insights/processor.hpp"

namespace memorypro::insights {

struct poll_status {
    bool enabled = false;
    std::optional<timestamp> last_success;
    std::optional<timestamp> next;  // now while one is under way; nullopt: none is to come
};

class poller {
public:
    // All outlive run().
    poller(const executor&, cloud::client&, processor&, const clock&, const config::settings&);

    // Until stop(). The client is stopped first: a poll that hangs holds it up.
    awaitable<> run();
    void stop();

    // The settings have changed; `before` is what they were.
    void reloaded(const config::settings& before);

    poll_status status() const;

private:
    awaitable<> poll();
    void failed(const std::string& why, std::optional<std::chrono::seconds> retry_after);
    bool enabled() const;
    std::chrono::milliseconds until_due() const;

    cloud::client& client_;
    processor& processor_;
    const clock& clock_;
    const config::settings& settings_;
    bell news_;
    poll_schedule schedule_;
    std::string etag_;  // of the document that was applied last
    std::optional<timestamp> last_success_;
    int generation_ = 0;  // of account and features: a poll under former ones is repeated
    bool stopping_ = false;
    bool failing_ = false;  // and said so
};

}  // namespace memorypro::insights
