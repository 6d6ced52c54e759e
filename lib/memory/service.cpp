#include "memory/service.hpp"

#include "memory/route.hpp"
#include "store/names.hpp"

namespace memorypro::memory {
namespace {

prometheus::Histogram& seconds_by(metrics& m, answered_by source) {
    switch (source) {
        case answered_by::local:
            return m.recall_seconds_local;
        case answered_by::cloud:
            return m.recall_seconds_cloud;
        case answered_by::merged:
            break;
    }
    return m.recall_seconds_merged;
}

}  // namespace

service::service(store::store& s, cloud::client& c, events::hub& events, metrics& m,
                 bell& outbox_news, const clock& time, const config::settings& settings)
    : store_(s),
      events_(events),
      metrics_(m),
      outbox_news_(outbox_news),
      clock_(time),
      settings_(settings),
      cloud_first_(s, c, settings),
      recaller_(s, c, time, settings) {}

// An id that the cloud gave is no mistake of the caller's, although nothing here has it.
result<store::memory> service::explained(result<store::memory> found) const {
    if (found || found.error().code != errc::not_found ||
        config::mode_of(settings_) != config::mode::cloud_first)
        return found;
    auto why = found.error();
    why.detail += "; what the cloud took is not kept here, only recalled";
    return why;
}

store::new_memory service::admit(given_memory given) {
    const auto now = clock_.now();
    return {.id = given.id ? std::move(*given.id) : ids_.next(now),
            .what = std::move(given.what),
            .created_at = given.created_at.value_or(now),
            .archived = given.archived};
}

void service::announce(const std::string& id, store::sync_state state) {
    std::string data = "{\"memory_id\":";
    append_json(data, std::string_view(id));
    data += ",\"sync_state\":\"";
    data += store::to_string(state);
    events_.publish("memory.stored", data += "\"}");
    if (state == store::sync_state::queued) outbox_news_.ring();
}

awaitable<result<store::accepted>> service::store(given_memory given,
                                                  std::optional<store::idempotency> key) {
    const stopwatch watch(metrics_.store_seconds);
    const auto mode = config::mode_of(settings_);
    auto memory = admit(std::move(given));
    result<store::accepted> answer;
    if (mode == config::mode::cloud_first) {
        answer = co_await cloud_first_.store(std::move(memory), std::move(key));
    } else {
        answer =
            co_await store_.accept_memory(std::move(memory), std::move(key), outbound_of(mode));
    }
    if (answer && answer->created) announce(answer->id, answer->sync_state);
    co_return answer;
}

awaitable<result<store::accepted>> service::sync(given_memory given) {
    const stopwatch watch(metrics_.store_seconds);
    auto memory = admit(std::move(given));
    // Whatever a reload does to the mode between, the last one asked for is the one that stays.
    const auto turn = co_await syncs_.take(memory.id);
    const auto mode = config::mode_of(settings_);
    result<store::accepted> answer;
    if (mode == config::mode::cloud_first) {
        answer = co_await cloud_first_.sync(std::move(memory), ids_.next(clock_.now()));
    } else {
        answer = co_await store_.upsert_memory(std::move(memory), outbound_of(mode));
    }
    if (answer) announce(answer->id, answer->sync_state);
    co_return answer;
}

awaitable<result<std::vector<store::imported>>> service::import(std::vector<given_memory> given) {
    std::vector<store::new_memory> admitted;
    std::vector<std::string> ids;
    admitted.reserve(given.size());
    for (auto& next : given) {
        admitted.push_back(admit(std::move(next)));
        ids.push_back(admitted.back().id);
    }
    const auto outbound = outbound_of(config::mode_of(settings_));
    const auto state = outbound ? store::sync_state::queued : store::sync_state::local;
    auto answers = co_await store_.import_memories(std::move(admitted), outbound);
    if (answers)
        for (std::size_t i = 0; i < ids.size(); ++i)
            if ((*answers)[i] == store::imported::created) announce(ids[i], state);
    co_return answers;
}

awaitable<result<recall_answer>> service::recall(recall_request wanted) {
    const auto start = std::chrono::steady_clock::now();
    result<recall_answer> answer;
    if (config::mode_of(settings_) == config::mode::local) {
        answer = co_await recaller_.from_here(std::move(wanted));
    } else {
        answer = co_await recaller_.from_cloud(std::move(wanted));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (answer) seconds_by(metrics_, answer->source).Observe(took.count());
    co_return answer;
}

awaitable<result<store::memory>> service::get(std::string id) {
    co_return explained(co_await store_.find_memory(std::move(id)));
}

awaitable<result<store::memory>> service::amend(std::string id, store::memory_patch patch) {
    auto changed = co_await store_.amend_memory(std::move(id), std::move(patch));
    if (changed && changed->sync_state == store::sync_state::queued) outbox_news_.ring();
    co_return explained(std::move(changed));
}

awaitable<result<store::cloud_copy>> service::remove(std::string id) {
    const bool has_cloud = config::mode_of(settings_) != config::mode::local;
    return store_.remove_memory(std::move(id), has_cloud ? store::unknown_ids::are_the_clouds
                                                         : store::unknown_ids::are_errors);
}

awaitable<store::page> service::list(store::memory_filter wanted,
                                     std::optional<std::int64_t> before, std::size_t limit) {
    return store_.list_memories(std::move(wanted), before, limit);
}

awaitable<std::vector<store::memory>> service::export_after(std::int64_t seq, std::size_t limit) {
    return store_.memories_after(seq, limit);
}

}  // namespace memorypro::memory
