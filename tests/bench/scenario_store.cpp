#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "load_generator.hpp"
#include "measure.hpp"
#include "scenarios.hpp"
#include "sqlite_peer.hpp"
#include "store_round.hpp"
#include "usage.hpp"

namespace memorypro::bench {
namespace {

using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point begin) {
    return std::chrono::duration<double>(steady::now() - begin).count();
}

void add_latencies(row& into, std::vector<std::uint32_t>& latencies_ns) {
    into.add("p50_ms", percentile_ms(latencies_ns, 0.50));
    into.add("p99_ms", percentile_ms(latencies_ns, 0.99));
}

}  // namespace

void store_round(const bench_run& run, store_subject& tested, std::size_t connections) {
    load stores;
    stores.expected_status = 201;
    stores.connections = connections;
    stores.warmup_seconds = run.settings.seconds / 10;
    stores.seconds = run.settings.seconds;
    stores.next = [&] { return tested.requests.next(); };

    const pid_t pid = tested.running->process.pid();
    const neighbours others(pid);
    const double cpu_before = cpu_seconds(pid);
    auto result = drive(*tested.running, stores);
    const double cpu_loaded = cpu_seconds(pid);
    const double disturbance = others.cores();
    const double settled = wait_until_idle(pid, run.settings.settle_limit_seconds);
    const double cpu_after = cpu_seconds(pid);

    const double operations = static_cast<double>(result.answered);
    row& into = *tested.into;
    into.add("ops_per_s", result.per_second());
    add_latencies(into, result.latencies_ns);
    into.add("others_cores", disturbance);
    into.add("cpu_us", (cpu_loaded - cpu_before) / operations * 1e6);
    into.add("cpu_all_us", (cpu_after - cpu_before) / operations * 1e6);
    into.add("settle_s", settled);
    into.add("client_cpu_us", result.client_cpu_seconds / operations * 1e6);
    progress(fmt::format("  {} {}: {:.0f}/s", into.scenario, into.subject,
                         into.metrics.front().rounds.back()));
}

namespace {

void add_idle_memory(const server& started, row& into) {
    wait_until_idle(started.process.pid(), 5);
    const auto use = memory_of(started.process.pid());
    into.add("rss_mib", use.rss_mib);
    into.add("anonymous_mib", use.anonymous_mib);
}

void add_peak_memory(const store_subject& tested) {
    if (!tested.running || !tested.into->measured()) return;
    const auto use = memory_of(tested.running->process.pid());
    tested.into->add("peak_rss_mib", use.peak_mib);
    tested.into->add("rss_after_mib", use.rss_mib);
}

void insert_round(const bench_run& run, raw_sqlite& database, store_requests& bodies, row& into) {
    std::vector<std::uint32_t> latencies_ns;
    const neighbours others(0);
    const auto begin = steady::now();
    while (seconds_since(begin) < run.settings.seconds) {
        check_interrupted();
        const auto body = bodies.next();
        const auto before = steady::now();
        database.insert(body);
        latencies_ns.push_back(saturated_ns(steady::now() - before));
    }
    into.add("ops_per_s", static_cast<double>(latencies_ns.size()) / seconds_since(begin));
    add_latencies(into, latencies_ns);
    into.add("others_cores", others.cores());
    progress(fmt::format("  store1 sqlite: {:.0f}/s", into.metrics.front().rounds.back()));
}

}  // namespace

void store_at_many_connections(bench_run& run) {
    row& idle = run.results.add("idle", "memoryprod");
    row& mine = run.results.add("store64", "memoryprod");
    row& peer = run.results.add("store64", "redis");

    store_subject daemon{{}, store_requests(run.words, framing::http), &mine};
    store_subject redis{{}, store_requests(run.words, framing::resp), &peer};
    if (!daemon_missing(run, {&idle, &mine})) {
        guarded({&idle, &mine}, [&] {
            daemon.running.emplace(start_daemon(run.settings.daemon, run.space));
            add_idle_memory(*daemon.running, idle);
        });
    }
    if (run.settings.redis.empty()) {
        peer.skip("redis-server is not installed");
    } else {
        guarded({&peer},
                [&] { redis.running.emplace(start_redis(run.settings.redis, run.space)); });
    }

    for (int round = 0; round < run.settings.rounds; ++round) {
        if (daemon.running && mine.measured()) {
            guarded({&mine}, [&] { store_round(run, daemon, run.settings.connections); });
        }
        if (redis.running && peer.measured()) {
            guarded({&peer}, [&] {
                store_round(run, redis, run.settings.connections);
                // Its list is in memory, and the machine's memory is for both.
                ask_once(*redis.running, resp_command({"FLUSHALL", "SYNC"}));
            });
        }
    }
    add_peak_memory(daemon);
    add_peak_memory(redis);

    using aim = comparison::aim;
    run.results.compare(mine, peer, "ops_per_s", aim::at_least, 1);
    run.results.compare(mine, peer, "p50_ms");
    run.results.compare(mine, peer, "p99_ms", aim::at_most, 2);
    run.results.compare(mine, peer, "cpu_us");
    run.results.check(idle, "rss_mib", aim::at_most, 16);
    run.results.check(mine, "peak_rss_mib", aim::at_most, 64);
}

void store_at_one_connection(bench_run& run) {
    row& mine = run.results.add("store1", "memoryprod");
    row& peer = run.results.add("store1", "sqlite");

    store_subject daemon{{}, store_requests(run.words, framing::http), &mine};
    store_requests bodies(run.words, framing::raw);
    raw_sqlite database(run.space.fresh("sqlite") / "raw.db");
    if (!daemon_missing(run, {&mine})) {
        guarded({&mine},
                [&] { daemon.running.emplace(start_daemon(run.settings.daemon, run.space)); });
    }
    for (int round = 0; round < run.settings.rounds; ++round) {
        if (daemon.running && mine.measured()) {
            guarded({&mine}, [&] { store_round(run, daemon, 1); });
        }
        guarded({&peer}, [&] { insert_round(run, database, bodies, peer); });
    }
    run.results.compare(mine, peer, "p50_ms", comparison::aim::at_most, 1.3);
    run.results.compare(mine, peer, "p99_ms");
}

}  // namespace memorypro::bench
