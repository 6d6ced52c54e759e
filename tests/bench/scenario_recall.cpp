#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>

#include "load_generator.hpp"
#include "measure.hpp"
#include "scenarios.hpp"
#include "sqlite_peer.hpp"
#include "usage.hpp"

namespace memorypro::bench {
namespace {

using steady = std::chrono::steady_clock;

std::string recall_request(const sample_query& query, bool of_user) {
    const std::string scope =
        of_user ? fmt::format(R"(,"user_id":"{}")", query.user_id) : std::string();
    return http_post("/api/v1/memory/recall",
                     fmt::format(R"({{"query":"{} {} {}","recall_count":5{}}})", query.words[0],
                                 query.words[1], query.words[2], scope));
}

std::vector<std::string> recall_requests(const std::vector<sample_query>& asked, bool of_user) {
    std::vector<std::string> requests;
    for (const auto& query : asked)
        requests.push_back(recall_request(query, of_user));
    return requests;
}

std::size_t count_memories(std::string_view body) {
    static constexpr std::string_view key = "\"memory_id\"";
    std::size_t count = 0;
    for (std::size_t at = body.find(key); at != std::string_view::npos;
         at = body.find(key, at + key.size())) {
        ++count;
    }
    return count;
}

struct pass {
    std::vector<std::uint32_t> latencies_ns;
    std::size_t found = 0;  // memories in `answers` answers
    std::uint64_t answers = 0;
};

// Whole passes over the queries until there is enough to tell a percentile and the neighbours from
// noise.
pass repeated(const bench_run& run, pid_t server, const std::function<pass()>& once,
              double& others) {
    const auto begin = steady::now();
    const auto enough = std::chrono::duration<double>(run.settings.seconds / 10);
    const neighbours around(server);
    pass all;
    do {
        const auto one = once();
        all.latencies_ns.insert(all.latencies_ns.end(), one.latencies_ns.begin(),
                                one.latencies_ns.end());
        all.found += one.found;
        all.answers += one.answers;
    } while (steady::now() - begin < enough);
    others = around.cores();
    return all;
}

void add_pass(row& into, pass done, double others_cores) {
    into.add("p50_ms", percentile_ms(done.latencies_ns, 0.50));
    into.add("p99_ms", percentile_ms(done.latencies_ns, 0.99));
    into.add("found", static_cast<double>(done.found) / static_cast<double>(done.answers));
    into.add("others_cores", others_cores);
}

load recall_load(const std::vector<std::string>& requests, std::size_t& position,
                 std::size_t& found) {
    load recalls;
    recalls.expected_status = 200;
    recalls.next = [&] { return std::string_view(requests[position++ % requests.size()]); };
    recalls.on_body = [&](std::string_view body) { found += count_memories(body); };
    return recalls;
}

pass ask_daemon(server& daemon, const std::vector<std::string>& requests, std::size_t count) {
    std::size_t position = 0;
    std::size_t found = 0;
    load recalls = recall_load(requests, position, found);
    recalls.requests = count;
    auto result = drive(daemon, recalls);
    return {std::move(result.latencies_ns), found, result.answered};
}

pass ask_fts5(plain_fts5& index, const std::vector<sample_query>& asked, bool of_user) {
    pass done;
    for (const auto& query : asked) {
        check_interrupted();
        const auto before = steady::now();
        done.found += of_user ? index.search_of_user(query) : index.search(query);
        done.latencies_ns.push_back(saturated_ns(steady::now() - before));
    }
    done.answers = asked.size();
    return done;
}

struct filled {
    std::optional<server> daemon;
    std::optional<plain_fts5> index;
};

// Rounds alternate over the same queries; the first pass of each warms up and is not counted.
void ask_both(bench_run& run, filled& both, std::uint64_t memories, bool of_user, row& mine,
              row& peer) {
    const std::size_t count = run.settings.queries / (memories > 100000 ? 3 : 1);
    const auto asked = queries(run.words, count);
    const auto requests = recall_requests(asked, of_user);
    progress(fmt::format("  {}", mine.scenario));
    for (int round = -1; round < run.settings.rounds; ++round) {
        if (mine.measured()) {
            guarded({&mine}, [&] {
                if (round < 0) {
                    const auto first = ask_daemon(*both.daemon, requests, 1);
                    mine.add("first_ms", static_cast<double>(first.latencies_ns.at(0)) / 1e6);
                }
                double others = 0;
                auto done = repeated(
                    run, both.daemon->process.pid(),
                    [&] { return ask_daemon(*both.daemon, requests, requests.size()); }, others);
                if (round >= 0) add_pass(mine, std::move(done), others);
            });
        }
        if (peer.measured()) {
            guarded({&peer}, [&] {
                double others = 0;
                auto done =
                    repeated(run, 0, [&] { return ask_fts5(*both.index, asked, of_user); }, others);
                if (round >= 0) add_pass(peer, std::move(done), others);
            });
        }
    }
    if (both.daemon) {
        const auto use = memory_of(both.daemon->process.pid());
        mine.add("rss_mib", use.rss_mib);
        mine.add("anonymous_mib", use.anonymous_mib);
    }
    run.results.compare(mine, peer, "p50_ms");
    run.results.compare(mine, peer, "p99_ms");
}

void recall_from(bench_run& run, std::uint64_t memories) {
    row& mine_all = run.results.add(fmt::format("recall-{}-all", memories), "memoryprod");
    row& peer_all = run.results.add(mine_all.scenario, "fts5");
    row& mine_user = run.results.add(fmt::format("recall-{}-user", memories), "memoryprod");
    row& peer_user = run.results.add(mine_user.scenario, "fts5");

    filled both;
    guarded({&peer_all, &peer_user}, [&] {
        progress(fmt::format("  indexing {} memories with FTS5", memories));
        both.index.emplace(run.space.fresh("fts5") / "fts5.db");
        both.index->fill(run.words, memories, check_interrupted);
    });
    if (!daemon_missing(run, {&mine_all, &mine_user})) {
        guarded({&mine_all, &mine_user}, [&] {
            both.daemon.emplace(start_daemon(run.settings.daemon, run.space));
            fill(*both.daemon, run.words, memories);
            wait_until_idle(both.daemon->process.pid(), run.settings.settle_limit_seconds);
        });
    }
    ask_both(run, both, memories, false, mine_all, peer_all);
    ask_both(run, both, memories, true, mine_user, peer_user);
}

}  // namespace

void recall(bench_run& run) {
    for (const auto memories : run.settings.sizes)
        recall_from(run, memories);
}

void recall_while_storing(bench_run& run) {
    row& mine = run.results.add("mixed", "memoryprod");
    if (daemon_missing(run, {&mine})) return;
    guarded({&mine}, [&] {
        auto daemon = start_daemon(run.settings.daemon, run.space);
        fill(daemon, run.words, run.settings.sizes.front());
        const auto requests = recall_requests(queries(run.words, run.settings.queries), false);
        store_requests bodies(run.words, framing::http);
        for (int round = 0; round < run.settings.rounds; ++round) {
            wait_until_idle(daemon.process.pid(), run.settings.settle_limit_seconds);
            load stores;
            stores.expected_status = 201;
            stores.connections = run.settings.connections;
            stores.seconds = run.settings.seconds;
            stores.next = [&] { return bodies.next(); };

            std::size_t position = 0;
            std::size_t found = 0;
            load recalls = recall_load(requests, position, found);
            recalls.warmup_seconds = run.settings.seconds / 10;
            recalls.seconds = run.settings.seconds * 8 / 10;  // within the stores' time

            const neighbours others(daemon.process.pid());
            auto storing =
                std::async(std::launch::async, [&] { return run_load(at(daemon, stores)); });
            auto recalled = drive(daemon, recalls);
            const double disturbance = others.cores();
            const auto stored = storing.get();
            if (stored.refused != 0) throw std::runtime_error(stored.first_refusal);
            mine.add("recalls_per_s", recalled.per_second());
            add_pass(mine, {std::move(recalled.latencies_ns), found, recalled.answered},
                     disturbance);
            mine.add("stores_per_s", stored.per_second());
            progress(fmt::format("  mixed: {:.0f} stores/s", stored.per_second()));
        }
        mine.add("peak_rss_mib", memory_of(daemon.process.pid()).peak_mib);
    });
}

}  // namespace memorypro::bench
