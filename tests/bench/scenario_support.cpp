#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <stdexcept>

#include "load_generator.hpp"
#include "scenarios.hpp"

namespace memorypro::bench {

void progress(const std::string& text) {
    fmt::print(stderr, "{}\n", text);
}

void guarded(std::initializer_list<row*> rows, const std::function<void()>& measure) {
    try {
        measure();
    } catch (const std::exception& failure) {
        for (row* one : rows) {
            if (!one->measured()) continue;
            one->fail(failure.what());
            progress(fmt::format("{} {}: {}", one->scenario, one->subject, one->reason));
        }
    }
}

bool daemon_missing(const bench_run& run, std::initializer_list<row*> rows) {
    if (std::filesystem::exists(run.settings.daemon)) return false;
    for (row* one : rows)
        one->skip(fmt::format("no {}", run.settings.daemon.string()));
    return true;
}

void fill(server& target, const vocabulary& words, std::uint64_t memories) {
    progress(fmt::format("  storing {} memories", memories));
    std::uint64_t index = 0;
    std::string request;
    load stores;
    stores.expected_status = 201;
    stores.connections = 64;
    stores.requests = memories;
    stores.next = [&] {
        request = http_post("/api/v1/memory/store", store_body(memory_at(words, index++)));
        return std::string_view(request);
    };
    drive(target, stores);
}

}  // namespace memorypro::bench
