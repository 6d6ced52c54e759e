// memorypro-bench: the daemon beside its peers, on one machine, in one run.
//
// Method
// - Everything is started here, on fresh data in one folder (--dir, default beside this program),
//   and stopped again. The daemon runs with its default settings, the host's left out.
// - Rounds alternate between the subjects (A B A B), so that a slow minute of the machine hits
//   both. A round has a warm-up of a tenth of its length that is not counted. What is shown is the
//   median over the rounds of each round's value; the JSON has every round.
// - Before the next subject's round, the last one's server has to be idle: work it deferred, such
//   as indexing, runs on its own time (settle_s) and counts in cpu_all_us, not in cpu_us.
// - store64: 64 connections with one request in flight each, every content another, 500 bytes;
//   `redis-server --appendonly yes --appendfsync always` gets the same JSON by RPUSH through the
//   same load generator. Automatic rewriting of its file is off, which favours it.
// - store1: the same at one connection, beside an in-process SQLite insert of the same bytes, a
//   transaction each (WAL, synchronous=FULL).
// - recall: three-word queries over invented texts with a Zipf-like vocabulary, beside plain FTS5
//   (`a OR b OR c`, `ORDER BY rank LIMIT 5`) in this process. first_ms is the first recall after
//   the memories were stored, found the memories an answer had on average.
// - mixed: recalls at one connection while 64 connections store at full speed.
// - drain: 10,000 memories are stored while memorypro-emulator (TLS on loopback) is away; timed is
//   from its return, when a flush is asked for, until the queue is empty. Beside it Python's httpx
//   stores as many in a fresh emulator with as many connections.
// - cloud1: a cloud_first store at one connection, beside the same call made directly with the
//   library's own transport; added_ms is the difference of the medians.
// - outage64, outage1: stores while the cloud is away and the circuit open, beside a daemon in
//   local mode.
// - waiting: the daemon's own memory while a tenth of the memories wait for the cloud, and all.
// - webhook-500, webhook-16k: signed deliveries over 64 TCP connections on loopback, each another,
//   signed before the round. 500 bytes are one item, the kinds in turn; 16 KiB are a snapshot of 30
//   patterns. After each round every delivery that was answered with 200 has to be in the daemon's
//   log of insights exactly once. FastAPI (uvicorn, uvloop, httptools, one process) verifies and
//   parses the same and keeps nothing; nginx, one worker, answers 200.
//
// Limits
// - The load generator needs a core of its own at full speed; client_cpu_us is what it took. With
//   two cores it competes with the server, the same for each.
// - Latency in a closed loop is the latency under exactly that many requests in flight.
// - others_cores is what the rest of the machine was doing; above 0.2 the row is marked disturbed
//   and its ratios are worth little.
// - In-process peers pay no socket and no HTTP.
// - A virtual disk may acknowledge a flush early: ratios travel between machines better than
//   numbers do. On tmpfs a flush is free and the numbers mean nothing.
// - Killed by SIGKILL, it leaves its folders (memorypro-bench-*) behind, but no process.
// - peak_rss_mib includes pages of the program and its libraries; anonymous_mib does not.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "machine.hpp"
#include "scenarios.hpp"
#include "smoke.hpp"

namespace {

namespace fs = std::filesystem;
using namespace memorypro::bench;

struct options {
    plan settings;
    fs::path folder;
    fs::path json;
    std::vector<std::string> only;
    bool daemon_given = false;
    bool large = false;
    bool smoke = false;
    bool keep = false;
};

constexpr int exit_failed = 1;
constexpr int exit_usage = 64;
constexpr int exit_internal = 70;
constexpr int exit_interrupted = 130;

void add_options(CLI::App& app, options& chosen) {
    auto& settings = chosen.settings;
    app.add_option("--daemon", settings.daemon, "memoryprod to measure")->capture_default_str();
    app.add_option("--emulator", settings.emulator, "memorypro-emulator: the cloud")
        ->capture_default_str();
    app.add_option("--dir", chosen.folder, "Where the data goes")->capture_default_str();
    app.add_option("--json", chosen.json, "Write the results to this file too");
    app.add_option("--seconds", settings.seconds, "Length of a round")
        ->capture_default_str()
        ->check(CLI::Range(0.01, 3600.0));
    app.add_option("--rounds", settings.rounds, "Rounds of each subject")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    app.add_option(
           "--only", chosen.only,
           "store64, store1, recall, mixed, drain, cloud1, outage, waiting, webhook; by commas")
        ->delimiter(',')
        ->check(CLI::IsMember({"store64", "store1", "recall", "mixed", "drain", "cloud1", "outage",
                               "waiting", "webhook"}));
    app.add_flag("--large", chosen.large, "Recall over 1,000,000 memories too");
    app.add_flag("--smoke", chosen.smoke, "Briefly run everything and check the JSON");
    app.add_flag("--keep", chosen.keep, "Leave the data and logs in --dir");
}

void make_brief(plan& settings) {
    settings.seconds = 0.03;
    settings.rounds = 1;
    settings.connections = 8;
    settings.sizes = {200};
    settings.queries = 10;
    settings.drained = 100;
    settings.waiting = 100;
    settings.settle_limit_seconds = 2;
}

void measure(const options& chosen, workspace& space, report& results) {
    const vocabulary words;
    bench_run run{chosen.settings, words, space, results};
    const auto wanted = [&](const char* name) {
        return chosen.only.empty() ||
               std::find(chosen.only.begin(), chosen.only.end(), name) != chosen.only.end();
    };
    if (wanted("store64")) store_at_many_connections(run);
    if (wanted("store1")) store_at_one_connection(run);
    if (wanted("recall")) recall(run);
    if (wanted("mixed")) recall_while_storing(run);
    if (wanted("drain")) drain(run);
    if (wanted("cloud1")) store_in_the_cloud(run);
    if (wanted("outage")) store_in_an_outage(run);
    if (wanted("waiting")) memory_while_waiting(run);
    if (wanted("webhook")) take_webhooks(run);
}

int conclude(const options& chosen, const report& results) {
    const auto json = results.json();
    fmt::print("{}", results.table());
    if (!chosen.json.empty() && !(std::ofstream(chosen.json) << json << '\n').flush()) {
        throw std::runtime_error("cannot write " + chosen.json.string());
    }
    if (!chosen.smoke) return results.any_failed() ? exit_failed : 0;
    const auto faults = faults_of(json, chosen.settings.sizes, chosen.daemon_given);
    for (const auto& fault : faults)
        fmt::print(stderr, "{}\n", fault);
    return faults.empty() ? 0 : exit_failed;
}

int run(options& chosen) {
    auto& settings = chosen.settings;
    if (chosen.daemon_given && !fs::exists(settings.daemon)) {
        fmt::print(stderr, "--daemon: no {}\n", settings.daemon.string());
        return exit_usage;
    }
    settings.daemon = fs::absolute(settings.daemon);
    settings.emulator = fs::absolute(settings.emulator);
    settings.redis = find_program("redis-server");
    settings.nginx = find_program("nginx");
    if (chosen.large) settings.sizes.push_back(1000000);
    if (chosen.smoke) make_brief(settings);

    fs::create_directories(chosen.folder);
    workspace space(fs::absolute(chosen.folder), chosen.keep);
    report results;
    add_machine(results, space.root(), settings.redis);
    results.add_fact("rounds", fmt::format("{} of {} s", settings.rounds, settings.seconds));
    if (file_system_of(space.root()) == "tmpfs") {
        progress("warning: --dir is on tmpfs, where a flush costs nothing");
    }
    measure(chosen, space, results);
    return conclude(chosen, results);
}

}  // namespace

int main(int argc, char** argv) {
    options chosen;
    const auto own_folder = fs::read_symlink("/proc/self/exe").parent_path();
    chosen.folder = own_folder;
    chosen.settings.daemon = own_folder.parent_path().parent_path() / "daemon" / "memoryprod";
    chosen.settings.emulator =
        own_folder.parent_path().parent_path() / "emulator" / "memorypro-emulator";
    CLI::App app("Measures memoryprod beside Redis, SQLite, FTS5, httpx, FastAPI and nginx");
    add_options(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    }
    chosen.daemon_given = app.count("--daemon") > 0;
    try {
        install_interrupt_handler();
        return run(chosen);
    } catch (const interrupted&) {
        return exit_interrupted;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "memorypro-bench: {}\n", failure.what());
        return exit_internal;
    }
}
