// Records and applies what the cloud has found out, whichever way it came, and announces what is
// new.
//
// Deliveries wait in the store, so that what was accepted before a crash is processed after it.
// Runs on the event loop.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/bell.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "store/store.hpp"

namespace memorypro::insights {

struct applied {
    std::size_t items = 0;
    std::size_t fresh = 0;  // of them; the others were known
};

// How long it rests after failures in a row: doubled each time.
struct backoff {
    std::chrono::milliseconds shortest{100};
    std::chrono::milliseconds longest{60'000};
};

class processor {
public:
    processor(const executor&, store::store&, events::hub&, const config::settings&, backoff = {});

    // Until stop(): processes the deliveries that wait in the store. A store that is full or busy
    // is waited for; a delivery that cannot be recorded for another reason is tried again, and then
    // kept as it came.
    awaitable<> run();
    void stop();

    // A delivery waits; called by whoever has accepted one.
    void ring(std::size_t body_bytes = 0) {
        unprocessed_bytes_ += body_bytes;
        news_.ring();
    }

    // What a document of the cloud brings. When it returns that is committed and announced.
    awaitable<result<applied>> apply(json::object document, store::insight_source);

private:
    enum class outcome { processed, nothing, failed };
    awaitable<outcome> step();
    awaitable<> give_way(std::chrono::steady_clock::duration busy);
    bool may_give_way() const;
    enum class kept_as { read, unknown };
    awaitable<result<applied>> process(const std::vector<store::delivery>&, kept_as);
    awaitable<result<applied>> record(std::vector<store::new_insight>, store::insight_source,
                                      std::vector<std::string> delivery_ids);
    void announce(const store::recorded&);

    store::store& store_;
    events::hub& events_;
    const config::settings& settings_;
    backoff pace_;
    bell news_;
    timer rest_;
    int failures_ = 0;        // in a row
    int blamed_ = 0;          // of them, those of the oldest delivery for which it may be the cause
    bool streaming_ = false;  // deliveries came while the last were processed
    // Of what came since the start. What waited then is not counted, and is taken off as it is
    // processed all the same: until that is done so much more may wait than is bounded by this.
    std::size_t unprocessed_bytes_ = 0;
    bool stopping_ = false;
};

}  // namespace memorypro::insights
