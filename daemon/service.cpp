#include "service.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "api/routes.hpp"
#include "base/log.hpp"
#include "base/spawn.hpp"
#include "systemd.hpp"

namespace memorypro::daemon {
namespace {

constexpr std::chrono::seconds shutdown_patience{10};  // of all that is waited for
constexpr std::chrono::milliseconds one_second{1000};

store::sqlite::options store_options(const config::settings& s) {
    return {.directory = s.data_dir,
            .survive_power_loss = s.durability == config::durability::full,
            .most_queue_bytes = static_cast<std::int64_t>(s.queue_max_bytes)};
}

// As many as the system gives, but for what the store and the rest of us need.
std::size_t descriptors_for_clients(std::size_t to_the_cloud) {
    const rlim_t ours = 64 + to_the_cloud;
    rlimit descriptors{};
    if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return ours;
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    return descriptors.rlim_cur > 2 * ours ? descriptors.rlim_cur - ours : ours;
}

struct connection_shares {
    std::size_t local = 0;
    std::size_t webhook = 0;
};

connection_shares shares_of(const config::settings& s) {
    const auto all = descriptors_for_clients(cloud_connections(s));
    const auto webhook = std::min(webhook::receiver_limits().connections, all / 3);
    return {all - webhook, webhook};
}

http::limits webhook_limits(const config::settings& s) {
    auto limits = webhook::receiver_limits();
    limits.connections = shares_of(s).webhook;
    return limits;
}

http::limits local_limits(const config::settings& s) {
    http::limits limits;
    // JSON escapes can make a text six times as long; metadata and extra fields come on top.
    limits.body_bytes = static_cast<std::size_t>(s.max_content_bytes) * 8 + (64 << 10);
    limits.connections = std::min(limits.connections, shares_of(s).local);
    limits.all_bodies_bytes = std::max(limits.all_bodies_bytes, 4 * limits.body_bytes);
    return limits;
}

http::limits metrics_limits() {
    return {.connections = 32, .body_bytes = 4096};
}

// Who may connect has to get as far as the socket.
std::filesystem::perms directory_mode(unsigned socket_mode) {
    using std::filesystem::perms;
    auto mode = perms::owner_all;
    if (socket_mode & 0060) mode |= perms::group_exec;
    if (socket_mode & 0006) mode |= perms::others_exec;
    return mode;
}

// /run is empty after a boot: the directory of the socket is made where that is allowed. One that
// is there is left as it is.
void make_socket_directory(const std::filesystem::path& socket, unsigned socket_mode) {
    const auto directory = socket.parent_path();
    std::error_code failure;
    if (directory.empty() || std::filesystem::is_directory(directory)) return;
    std::filesystem::create_directory(directory, failure);
    if (!failure) std::filesystem::permissions(directory, directory_mode(socket_mode), failure);
    if (failure)
        throw std::system_error(failure, directory.string() +
                                             " cannot be made; set MEMORYPRO_SOCKET "
                                             "to a path in another directory");
}

}  // namespace

service::service(asio::io_context& loop, const options& given, config::settings settings)
    : executor_(loop.get_executor()),
      options_(given),
      settings_(std::move(settings)),
      store_(executor_, clock_, store_options(settings_)),
      events_(executor_, clock_.now()),
      cloud_(executor_, store_, events_, metrics_, clock_, settings_),
      insights_(executor_, store_, cloud_.client(), events_, metrics_, clock_, settings_,
                webhook_limits(settings_)),
      memories_(store_, cloud_.client(), events_, metrics_, cloud_.outbox_news(), clock_,
                settings_),
      resources_{.memories = memories_,
                 .store = store_,
                 .cloud = cloud_.client(),
                 .events = events_,
                 .insights = insights_.processor(),
                 .poller = insights_.poller(),
                 .receiver = insights_.receiver(),
                 .registration = insights_.registration(),
                 .outbox_news = cloud_.outbox_news(),
                 .metrics = metrics_,
                 .clock = clock_,
                 .settings = settings_},
      local_router_(api::local_routes(resources_)),
      metrics_router_(api::metrics_routes(resources_)),
      local_server_(executor_, local_router_, local_limits(settings_)),
      metrics_server_(executor_, metrics_router_, metrics_limits()),
      signals_(executor_, SIGTERM, SIGINT, SIGHUP),
      store_check_(executor_) {
    listen();
}

bool service::take_handed_sockets() {
    bool local = false;
    for (const auto& [descriptor, name] : systemd::take_sockets()) {
        auto listener = opened(http::adopt(descriptor));
        const bool is_webhook = name == "webhook";
        if ((listener.family() == AF_UNIX) == is_webhook)
            throw cannot_listen({errc::conflict, "the service manager's socket '" + name + "' is " +
                                                     (is_webhook ? "a" : "not a") +
                                                     " Unix socket; only the one with the name "
                                                     "webhook is on TCP, and has to be"});
        if (is_webhook)
            insights_.inherit(std::move(listener));
        else
            local_server_.listen(std::move(listener));
        local = local || !is_webhook;
    }
    return local;
}

void service::listen() {
    if (take_handed_sockets()) {
        spdlog::info("listening on the service manager's socket");
    } else {
        make_socket_directory(settings_.socket, settings_.socket_mode);
        local_server_.listen(opened(http::listen_unix(settings_.socket, settings_.socket_mode)));
        spdlog::info("listening on {}", settings_.socket);
    }
    insights_.listen();
    if (settings_.metrics_listen.empty()) return;
    metrics_server_.listen(opened(http::listen_tcp(settings_.metrics_listen)));
    spdlog::info("metrics on {}", settings_.metrics_listen);
}

awaitable<> service::run() {
    spawn(executor_, "the watch of the store", watch_store());
    cloud_.start();
    insights_.start();
    tell_mode();
    systemd::ready();
    spdlog::info("memoryprod {} is ready, data in {}", MEMORYPRO_VERSION, settings_.data_dir);
    log::flush();
    while (true) {
        const auto [failure, signal] = co_await signals_.async_wait(no_throw);
        if (failure || signal != SIGHUP) break;
        reload();
    }
    spdlog::info("stopping");
    systemd::stopping();
    spawn(executor_, "the wait for a second signal", exit_at_second_signal());
    stopping_ = true;
    store_check_.cancel();
    local_server_.stop();
    metrics_server_.stop();
    cloud_.stop();  // who waits for it is answered from here
    insights_.stop();
    events_.close();
    const auto deadline = std::chrono::steady_clock::now() + shutdown_patience;
    co_await local_server_.drained(time_left(deadline));
    co_await metrics_server_.drained(std::min(time_left(deadline), one_second));
    co_await insights_.stopped(std::max(time_left(deadline), one_second));
    co_await cloud_.stopped(std::max(time_left(deadline), one_second));
    signals_.cancel();
}

void service::tell_mode() const {
    const auto mode = config::mode_of(settings_);
    if (mode == config::mode::local)
        spdlog::info("mode local: no cloud is configured");
    else
        spdlog::info("mode {}: the cloud is {}", config::to_string(mode), settings_.api_url);
}

void service::reload() {
    systemd::reloading();
    const auto fresh = config::load(sources_of(options_, config::environment()));
    if (report_to_log(fresh)) {
        const auto before = settings_;
        const auto changed = config::reload(settings_, fresh.settings);
        for (const auto& key : changed.applied)
            spdlog::info("{} changed", key);
        for (const auto& key : changed.needs_restart)
            spdlog::warn("{} changed: it takes effect at the next start", key);
        spdlog::info("the configuration was read again");
        log::set_level(static_cast<spdlog::level::level_enum>(settings_.log_level));
        store_.bound_queue(static_cast<std::int64_t>(settings_.queue_max_bytes));
        cloud_.reloaded(before);
        insights_.reloaded(before);
        if (config::mode_of(before) != config::mode_of(settings_)) tell_mode();
    } else {
        spdlog::error("the configuration was not reloaded");
    }
    systemd::ready();
}

awaitable<bool> service::store_answers() try {
    co_await store_.ping();
    co_return true;
} catch (const std::exception& failure) {
    spdlog::warn("the store did not answer: {}", failure.what());
    co_return false;
}

// The watchdog is fed only while both the loop and the store's writer answer: one who asks much
// of the reader is no reason to end a daemon that stores.
awaitable<> service::watch_store() {
    const auto watchdog = systemd::watchdog_interval();
    auto every = std::chrono::microseconds(api::store_check_every);
    if (watchdog) every = std::min(every, *watchdog / 3);
    while (!stopping_) {
        if (co_await store_answers()) {
            resources_.store_answered = std::chrono::steady_clock::now();
            if (watchdog) systemd::alive();
        }
        if (stopping_) break;
        store_check_.expires_after(every);
        co_await store_check_.async_wait(no_throw);
    }
}

awaitable<> service::exit_at_second_signal() {
    while (true) {
        const auto [failure, signal] = co_await signals_.async_wait(no_throw);
        if (failure) co_return;
        if (signal == SIGHUP) continue;
        spdlog::warn("exiting at once");
        log::flush();
        std::_Exit(128 + signal);
    }
}

}  // namespace memorypro::daemon
