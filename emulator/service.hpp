// The emulator put together.
#pragma once

#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/time.hpp"
#include "emulator/cloud.hpp"
#include "emulator/files.hpp"
#include "emulator/options.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace memorypro::emulator {

class service {
public:
    // Opens the store and the socket; throws when it cannot. Must outlive the loop's run().
    service(asio::io_context&, const options&);

    // Serves until SIGTERM or SIGINT, answers what is in flight and lets run() return.
    awaitable<> run();

private:
    void listen(const options&);

    executor executor_;
    std::optional<temporary_directory> temporary_;
    std::string data_dir_;
    system_clock clock_;
    store::sqlite::sqlite_store store_;
    memories memories_;
    findings findings_;
    webhook_registry webhooks_;
    courier courier_;
    cloud cloud_;
    http::router router_;
    http::server server_;
    asio::basic_signal_set<executor> signals_;
    std::vector<scheduled_event> schedule_;
    std::string url_;  // "https://127.0.0.1:8900"
};

}  // namespace memorypro::emulator
