#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <thread>

#include "measure.hpp"
#include "scenarios.hpp"
#include "usage.hpp"
#include "webhook_peers.hpp"
#include "webhook_requests.hpp"

namespace memorypro::bench {
namespace {

using steady = std::chrono::steady_clock;

struct workload {
    const char* scenario;
    delivery_kind kind;
    std::size_t body_bytes;
    double most_per_second;  // that are signed ahead
    double of_fastapi;       // aims
    std::optional<double> of_nginx;
};

struct subject {
    server* running;
    std::string address;
    webhook_requests requests;
    row* into;
};

// One answer of the daemon's API.
std::string answer_to(server& asked, const std::string& target) {
    std::string answer;
    load one;
    one.expected_status = 200;
    one.requests = 1;
    const auto request = http_get(target);
    one.next = [&] { return std::string_view(request); };
    one.on_body = [&](std::string_view body) { answer = body; };
    drive(asked, one);
    return answer;
}

// Until as many are recorded as were sent, or the time is over; the seconds that it took. A daemon
// that rests between deliveries is not idle.
double await_recorded(server& api, std::uint64_t sent, double limit_seconds) {
    const auto begin = steady::now();
    const auto passed = [begin] {
        return std::chrono::duration<double>(steady::now() - begin).count();
    };
    const auto last = fmt::format("/api/v1/insights?since={}&limit=1", sent - 1);
    while (numbers_after(serial_mark, answer_to(api, last)).empty() && passed() < limit_seconds)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return passed();
}

// Each delivery that was answered was recorded once: insights are numbered from 1 in the order in
// which they were recorded, and the log keeps the newest of them.
void expect_applied(server& api, std::uint64_t first, std::uint64_t end) {
    std::vector<bool> seen(end - first);
    std::uint64_t last_id = first;
    std::uint64_t kept = 0;
    while (true) {
        const auto page =
            answer_to(api, fmt::format("/api/v1/insights?since={}&limit=200", last_id));
        const auto ids = numbers_after(R"("id":")", page);
        if (ids.empty()) break;
        if (kept > 0 && ids.front() != last_id + 1)
            throw std::runtime_error(fmt::format("insight {} is missing", last_id + 1));
        kept += ids.size();
        last_id = ids.back();
        for (const auto serial : numbers_after(serial_mark, page)) {
            if (serial < first || serial >= end || seen[serial - first])
                throw std::runtime_error(fmt::format("delivery {} was applied twice", serial));
            seen[serial - first] = true;
        }
    }
    const auto recorded = std::ranges::count(seen, true);
    if (last_id != end || kept != static_cast<std::uint64_t>(recorded))
        throw std::runtime_error(
            fmt::format("{} deliveries were answered with 200, and {} recorded", end, last_id));
}

void round(const bench_run& run, const workload& wanted, subject& tested) {
    const double warmup = run.settings.seconds / 10;
    const auto first = tested.requests.issued();
    tested.requests.sign_ahead(
        static_cast<std::size_t>((warmup + run.settings.seconds) * wanted.most_per_second));
    load deliveries;
    deliveries.socket = tested.address;
    deliveries.expected_status = 200;
    deliveries.connections = run.settings.connections;
    deliveries.warmup_seconds = warmup;
    deliveries.seconds = run.settings.seconds;
    deliveries.next = [&] { return tested.requests.next(); };
    deliveries.on_body = [](std::string_view body) {
        if (body.find("duplicate") != std::string_view::npos)
            throw std::runtime_error("a new delivery was taken for a repeat");
    };

    const pid_t pid = tested.running->process.pid();
    const neighbours others(pid);
    const double cpu_before = cpu_seconds(pid);
    auto result = drive(*tested.running, deliveries);
    const double cpu_loaded = cpu_seconds(pid);
    const double disturbance = others.cores();
    const bool is_daemon = tested.running->socket != tested.address;
    const double limit = run.settings.settle_limit_seconds;
    const double recorded =
        is_daemon ? await_recorded(*tested.running, tested.requests.issued(), limit) : 0;
    const double settled = recorded + wait_until_idle(pid, limit);

    const auto operations = static_cast<double>(result.answered);
    row& into = *tested.into;
    into.add("ops_per_s", result.per_second());
    into.add("p50_ms", percentile_ms(result.latencies_ns, 0.50));
    into.add("p99_ms", percentile_ms(result.latencies_ns, 0.99));
    into.add("others_cores", disturbance);
    into.add("cpu_us", (cpu_loaded - cpu_before) / operations * 1e6);
    into.add("cpu_all_us", (cpu_seconds(pid) - cpu_before) / operations * 1e6);
    into.add("settle_s", settled);
    into.add("client_cpu_us", result.client_cpu_seconds / operations * 1e6);
    progress(fmt::format("  {} {}: {:.0f}/s", into.scenario, into.subject, result.per_second()));
    if (is_daemon) expect_applied(*tested.running, first, tested.requests.issued());
}

void receive(bench_run& run, const workload& wanted) {
    row& mine = run.results.add(wanted.scenario, "memoryprod");
    row& python = run.results.add(wanted.scenario, "fastapi");
    row& bare = run.results.add(wanted.scenario, "nginx");
    const auto requests = [&] {
        return webhook_requests(run.words, wanted.kind, wanted.body_bytes);
    };

    std::optional<receiving_daemon> daemon;
    std::optional<server> fastapi, nginx;
    std::vector<subject> subjects;
    if (!daemon_missing(run, {&mine}))
        guarded({&mine}, [&] {
            daemon.emplace(start_receiving_daemon(run.settings.daemon, run.space));
            subjects.push_back({&daemon->api, daemon->webhook_address, requests(), &mine});
        });
    guarded({&python}, [&] {
        if (auto started = start_fastapi(run.space)) {
            fastapi.emplace(std::move(*started));
            subjects.push_back({&*fastapi, fastapi->socket, requests(), &python});
        } else {
            python.skip("not all of python3-fastapi uvicorn python3-uvloop python3-httptools");
        }
    });
    if (run.settings.nginx.empty()) {
        bare.skip("nginx is not installed");
    } else {
        guarded({&bare}, [&] {
            nginx.emplace(start_nginx(run.settings.nginx, run.space));
            subjects.push_back({&*nginx, nginx->socket, requests(), &bare});
        });
    }
    for (int i = 0; i < run.settings.rounds; ++i)
        for (auto& one : subjects)
            if (one.into->measured()) guarded({one.into}, [&] { round(run, wanted, one); });

    using aim = comparison::aim;
    run.results.compare(mine, python, "ops_per_s", aim::at_least, wanted.of_fastapi);
    run.results.compare(mine, bare, "ops_per_s", wanted.of_nginx ? aim::at_least : aim::none,
                        wanted.of_nginx.value_or(0));
    run.results.compare(mine, python, "cpu_us");
}

}  // namespace

void take_webhooks(bench_run& run) {
    receive(run, {"webhook-500", delivery_kind::one_item, 500, 150'000, 3.5, 0.35});
    receive(run, {"webhook-16k", delivery_kind::snapshot, 16 << 10, 40'000, 3, std::nullopt});
}

}  // namespace memorypro::bench
