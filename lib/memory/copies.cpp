#include "memory/copies.hpp"

#include "base/log.hpp"
#include "base/spawn.hpp"

namespace memorypro::memory {

void copies::keep(const executor& loop, store::new_memory memory, std::string cloud_id) {
    if (settings_.cache_max_bytes == 0) return;
    const auto bytes = waiting_bytes_ + memory.what.content.size();
    if (waiting_.size() == most_waiting || bytes > most_waiting_bytes) return;
    waiting_bytes_ = bytes;
    waiting_.push_back({std::move(memory), std::move(cloud_id)});
    start(loop);
}

void copies::trim(const executor& loop) {
    trim_wanted_ = true;
    start(loop);
}

void copies::start(const executor& loop) {
    if (working_) return;
    working_ = true;
    spawn(loop, "the keeping of copies", work());
}

awaitable<> copies::work() {
    while (!waiting_.empty() || trim_wanted_) {
        trim_wanted_ = false;  // every turn trims
        waiting_bytes_ = 0;
        co_await keep_all(std::exchange(waiting_, {}));
    }
    working_ = false;
}

awaitable<> copies::keep_all(std::vector<copy> batch) try {
    for (auto& next : batch) {
        const auto kept =
            co_await store_.keep_copy(std::move(next.memory), std::move(next.cloud_id));
        if (!kept) {
            spdlog::warn("a copy was not kept: {}", kept.error().detail);
            break;  // the disk is full, say: the others would fare no better
        }
    }
    while (config::mode_of(settings_) == config::mode::cloud_first &&
           co_await store_.trim_copies(settings_.cache_max_bytes)) {
    }
} catch (const std::exception& failure) {
    spdlog::error("copies were not kept: {}", failure.what());
}

}  // namespace memorypro::memory
