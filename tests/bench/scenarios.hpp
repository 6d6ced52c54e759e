// The measurements. Each adds its rows to the report, also when it cannot run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "report.hpp"
#include "servers.hpp"
#include "workload.hpp"

namespace memorypro::bench {

struct plan {
    std::filesystem::path daemon;
    std::filesystem::path emulator;
    std::filesystem::path redis;  // empty: not installed
    std::filesystem::path nginx;  // likewise
    double seconds = 3;           // a round
    int rounds = 5;
    std::size_t connections = 64;
    std::vector<std::uint64_t> sizes = {10000, 100000};  // memories in the recall scenarios
    std::size_t queries = 300;
    std::uint64_t drained = 10000;   // memories that wait for the cloud and are sent
    std::uint64_t waiting = 100000;  // that only wait
    double settle_limit_seconds = 120;
};

struct bench_run {
    const plan& settings;
    const vocabulary& words;
    workspace& space;
    report& results;
};

void store_at_many_connections(bench_run&);  // rows: idle, store64
void store_at_one_connection(bench_run&);    // store1
void recall(bench_run&);                     // recall-<n>-all, recall-<n>-user
void recall_while_storing(bench_run&);       // mixed
void drain(bench_run&);                      // drain
void store_in_the_cloud(bench_run&);         // cloud1
void store_in_an_outage(bench_run&);         // outage64, outage1
void memory_while_waiting(bench_run&);       // waiting
void take_webhooks(bench_run&);              // webhook-500, webhook-16k

// Shared by the scenarios.
//
// Runs `measure`; what it throws, an interruption apart, marks the rows as failed.
void guarded(std::initializer_list<row*>, const std::function<void()>& measure);
bool daemon_missing(const bench_run&, std::initializer_list<row*>);  // then marks them as skipped
void fill(server&, const vocabulary&, std::uint64_t memories);
void progress(const std::string& text);  // a line on stderr

}  // namespace memorypro::bench
