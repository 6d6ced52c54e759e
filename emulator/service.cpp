#include "emulator/service.hpp"

#include <csignal>
#include <iostream>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "emulator/events.hpp"
#include "emulator/routes.hpp"
#include "emulator/tls.hpp"

namespace memorypro::emulator {
namespace {

constexpr std::chrono::seconds shutdown_patience{5};

http::limits limits() {
    return {.body_bytes = 64 << 20, .all_bodies_bytes = 256 << 20};
}

}  // namespace

service::service(asio::io_context& loop, const options& given)
    : executor_(loop.get_executor()),
      data_dir_(given.data_dir.empty() ? temporary_.emplace().path() : given.data_dir),
      store_(executor_, clock_, {.directory = data_dir_, .survive_power_loss = given.durable}),
      memories_(store_, clock_),
      findings_(data_dir_ + "/findings.json"),
      webhooks_(data_dir_ + "/webhook.json"),
      courier_(executor_, given.webhook_ca),
      cloud_{.memories = memories_,
             .findings = findings_,
             .webhooks = webhooks_,
             .courier = courier_,
             .faults = fault_list(given.faults),
             .account = credentials{given.api_key, given.api_secret}},
      router_(routes(cloud_)),
      server_(executor_, router_, limits()),
      signals_(executor_, SIGTERM, SIGINT),
      schedule_(given.schedule) {
    cloud_.server = &server_;
    listen(given);
}

void service::listen(const options& given) {
    auto tls = tls_of(given, data_dir_);
    auto listener = http::listen_tcp(given.listen);
    if (!listener) throw failed(listener.error());
    const std::string address = http::address_of(*listener);
    url_ = (tls ? "https://" : "http://") + address;
    server_.listen(std::move(*listener), std::move(tls));
    // Who waits for the file finds it said.
    std::cout << "memorypro-emulator, for development only, listens on " << url_ << std::endl;
    if (!given.port_file.empty()) write_file(given.port_file, address + '\n');
}

awaitable<> service::run() {
    spdlog::warn("for development only: this is an emulated MemoryPro cloud");
    spdlog::info("memorypro-emulator {} is ready on {}, data in {}", MEMORYPRO_VERSION, url_,
                 data_dir_);
    for (const auto& each : schedule_)
        spawn(executor_, "a schedule", send_repeatedly(cloud_, each));
    co_await signals_.async_wait(no_throw);
    spdlog::info("stopping");
    cloud_.stopping = true;
    courier_.stop();
    server_.stop();
    co_await server_.drained(shutdown_patience);
}

}  // namespace memorypro::emulator
