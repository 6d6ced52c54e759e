#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "cloud_peer.hpp"
#include "load_generator.hpp"
#include "measure.hpp"
#include "scenarios.hpp"
#include "store_round.hpp"
#include "usage.hpp"

namespace memorypro::bench {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t sync_connections = 8;  // MEMORYPRO_SYNC_CONCURRENCY's default
// Nobody listens on the discard port: a cloud that is away.
constexpr auto away =
    "MEMORYPRO_API_URL=http://127.0.0.1:9\n"
    "MEMORYPRO_API_KEY=key\nMEMORYPRO_API_SECRET=secret\n"
    "MEMORYPRO_ENABLE_PUSH=false\nMEMORYPRO_ENABLE_POLLING=false\n"
    "MEMORYPRO_QUEUE_MAX_BYTES=64G\n";

bool emulator_missing(const bench_run& run, std::initializer_list<row*> rows) {
    if (std::filesystem::exists(run.settings.emulator)) return false;
    for (row* one : rows)
        one->skip(fmt::format("no {}", run.settings.emulator.string()));
    return true;
}

// Stores until one is queued without a call: the circuit is open.
void await_open_circuit(server& daemon) {
    const auto deadline = steady::now() + std::chrono::seconds(60);
    std::string status;
    load one;
    one.expected_status = 200;
    one.requests = 1;
    const auto request = http_get("/api/v1/status");
    one.next = [&] { return std::string_view(request); };
    one.on_body = [&](std::string_view body) { status = body; };
    const auto store = http_post("/api/v1/memory/store", R"({"content":"is the cloud away?"})");
    load knock;
    knock.expected_status = 201;
    knock.requests = 1;
    knock.next = [&] { return std::string_view(store); };
    do {
        if (steady::now() > deadline) throw std::runtime_error("the circuit did not open");
        drive(daemon, knock);
        drive(daemon, one);
    } while (status.find(R"("circuit":"closed")") != std::string::npos);
}

double drain_seconds(server& daemon) {
    const auto begin = steady::now();
    std::string outcome;
    load flush;
    flush.expected_status = 200;
    flush.requests = 1;
    const auto request = http_post("/api/v1/queue/flush?timeout=25", "");
    flush.next = [&] { return std::string_view(request); };
    flush.on_body = [&](std::string_view body) { outcome = body; };
    do
        drive(daemon, flush);
    while (outcome.find(R"("drained":true)") == std::string::npos &&
           steady::now() - begin < std::chrono::seconds(300));
    const double took = std::chrono::duration<double>(steady::now() - begin).count();
    if (outcome.find(R"("drained":true,"pending":0,"dead":0)") == std::string::npos)
        throw std::runtime_error("the queue was not drained: " + outcome);
    return took;
}

void expect_stored(cloud_caller& control, std::uint64_t memories) {
    const auto state = control.ask("GET", "/emulator/state");
    if (state.find(fmt::format(R"("memories":{},)", memories)) == std::string::npos)
        throw std::runtime_error(fmt::format("not {} memories in the cloud: {}", memories, state));
}

void drain_round(bench_run& run, row& into) {
    const auto memories = run.settings.drained;
    auto cloud = start_emulator(run.settings.emulator, run.space, {"--fault", "down"});
    cloud_caller control(cloud);
    auto daemon = start_daemon(run.settings.daemon, run.space, cloud.settings());
    fill(daemon, run.words, memories);
    wait_until_idle(daemon.process.pid(), run.settings.settle_limit_seconds);
    control.ask("DELETE", "/emulator/faults");

    const double cpu_before = cpu_seconds(daemon.process.pid());
    const double cloud_before = cpu_seconds(cloud.process.pid());
    const auto count = static_cast<double>(memories);
    const double took = drain_seconds(daemon);
    into.add("ops_per_s", count / took);
    into.add("cpu_us", (cpu_seconds(daemon.process.pid()) - cpu_before) / count * 1e6);
    into.add("cloud_cpu_us", (cpu_seconds(cloud.process.pid()) - cloud_before) / count * 1e6);
    expect_stored(control, memories);
    progress(fmt::format("  drain memoryprod: {:.0f}/s", count / took));
}

void httpx_round(bench_run& run, row& into) {
    const auto memories = run.settings.drained;
    auto cloud = start_emulator(run.settings.emulator, run.space);
    cloud_caller control(cloud);
    const auto took = httpx_seconds(cloud, run.space, memories, sync_connections);
    if (!took) return into.skip("Python's httpx is not installed");
    into.add("ops_per_s", static_cast<double>(memories) / *took);
    expect_stored(control, memories);
    progress(fmt::format("  drain httpx: {:.0f}/s", into.metrics.front().rounds.back()));
}

}  // namespace

void drain(bench_run& run) {
    row& mine = run.results.add("drain", "memoryprod");
    row& peer = run.results.add("drain", "httpx");
    if (daemon_missing(run, {&mine, &peer}) || emulator_missing(run, {&mine, &peer})) return;
    for (int round = 0; round < run.settings.rounds; ++round) {
        if (mine.measured()) guarded({&mine}, [&] { drain_round(run, mine); });
        if (peer.measured()) guarded({&peer}, [&] { httpx_round(run, peer); });
    }
    run.results.compare(mine, peer, "ops_per_s", comparison::aim::at_least, 10);
}

void store_in_the_cloud(bench_run& run) {
    row& mine = run.results.add("cloud1", "memoryprod");
    row& floor = run.results.add("cloud1", "emulator");
    if (daemon_missing(run, {&mine, &floor}) || emulator_missing(run, {&mine, &floor})) return;
    guarded({&mine, &floor}, [&] {
        auto cloud = start_emulator(run.settings.emulator, run.space);
        cloud_caller direct(cloud);
        auto daemon = start_daemon(run.settings.daemon, run.space, cloud.settings());
        store_requests requests(run.words, framing::http);
        load stores;
        stores.expected_status = 201;
        stores.warmup_seconds = run.settings.seconds / 10;
        stores.seconds = run.settings.seconds;
        stores.next = [&] { return requests.next(); };
        for (int round = 0; round < run.settings.rounds; ++round) {
            auto through = drive(daemon, stores);
            const double p50 = percentile_ms(through.latencies_ns, 0.5);
            auto calls = direct.store_latencies_ns(run.words, through.latencies_ns.size());
            const double answer = percentile_ms(calls, 0.5);
            mine.add("p50_ms", p50);
            mine.add("p99_ms", percentile_ms(through.latencies_ns, 0.99));
            mine.add("added_ms", p50 - answer);
            floor.add("p50_ms", answer);
            floor.add("p99_ms", percentile_ms(calls, 0.99));
            progress(fmt::format("  cloud1: {:.3f} ms, of which the cloud {:.3f}", p50, answer));
        }
    });
    run.results.check(mine, "added_ms", comparison::aim::at_most, 0.3);
}

void store_in_an_outage(bench_run& run) {
    for (const std::size_t connections : {run.settings.connections, std::size_t{1}}) {
        const auto scenario = fmt::format("outage{}", connections == 1 ? 1 : 64);
        row& queued = run.results.add(scenario, "memoryprod");
        row& local = run.results.add(scenario, "local mode");
        if (daemon_missing(run, {&queued, &local})) continue;
        guarded({&queued, &local}, [&] {
            store_subject offline{start_daemon(run.settings.daemon, run.space, away),
                                  store_requests(run.words, framing::http), &queued};
            store_subject alone{start_daemon(run.settings.daemon, run.space),
                                store_requests(run.words, framing::http), &local};
            await_open_circuit(*offline.running);
            for (int round = 0; round < run.settings.rounds; ++round) {
                store_round(run, offline, connections);
                store_round(run, alone, connections);
            }
        });
        run.results.compare(queued, local, "ops_per_s", comparison::aim::at_least, 0.9);
        run.results.compare(queued, local, "p50_ms", comparison::aim::at_most, 1.1);
    }
}

void memory_while_waiting(bench_run& run) {
    row& mine = run.results.add("waiting", "memoryprod");
    if (daemon_missing(run, {&mine})) return;
    guarded({&mine}, [&] {
        auto daemon = start_daemon(run.settings.daemon, run.space, away);
        await_open_circuit(daemon);
        const auto measure = [&](const char* name, std::uint64_t memories) {
            fill(daemon, run.words, memories);
            wait_until_idle(daemon.process.pid(), run.settings.settle_limit_seconds);
            const double mib = memory_of(daemon.process.pid()).anonymous_mib;
            mine.add(name, mib);
            return mib;
        };
        const double few = measure("tenth_mib", run.settings.waiting / 10);
        const double many = measure("all_mib", run.settings.waiting - run.settings.waiting / 10);
        mine.add("growth_mib", many - few);
    });
    run.results.check(mine, "growth_mib", comparison::aim::at_most, 2);
}

}  // namespace memorypro::bench
