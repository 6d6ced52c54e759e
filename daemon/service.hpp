// The daemon put together: what there is, what it is given, in which order it stops.
#pragma once

#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include "api/resources.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"
#include "cannot_listen.hpp"
#include "cloud_side.hpp"
#include "config/settings.hpp"
#include "events/hub.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "insight_side.hpp"
#include "memory/service.hpp"
#include "options.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace memorypro::daemon {

class service {
public:
    // Opens the store and the sockets. Throws cannot_listen, cannot_call_cloud and what the store
    // throws. Must outlive the loop's run().
    service(asio::io_context&, const options&, config::settings);

    // Serves until SIGTERM or SIGINT, then answers what is in flight, without the cloud, and lets
    // run() return.
    awaitable<> run();

private:
    void listen();
    bool take_handed_sockets();  // false: the local API's is not among them
    void tell_mode() const;
    void reload();
    awaitable<bool> store_answers();
    awaitable<> watch_store();
    awaitable<> exit_at_second_signal();

    executor executor_;
    options options_;
    config::settings settings_;
    system_clock clock_;
    metrics metrics_;
    store::sqlite::sqlite_store store_;
    events::hub events_;
    cloud_side cloud_;
    insight_side insights_;
    memory::service memories_;
    api::resources resources_;
    http::router local_router_;
    http::router metrics_router_;
    http::server local_server_;
    http::server metrics_server_;
    asio::basic_signal_set<executor> signals_;
    timer store_check_;
    bool stopping_ = false;
};

}  // namespace memorypro::daemon
