// The store's deliveries and insights: one job a call.
#include <charconv>
#include <limits>

#include "store/sqlite/actions.hpp"
#include "store/sqlite/evolution_updates.hpp"
#include "store/sqlite/inbox.hpp"
#include "store/sqlite/insight_rows.hpp"
#include "store/sqlite/recommendations.hpp"
#include "store/sqlite/record.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace memorypro::store::sqlite {
namespace {

std::int64_t read_place(const std::optional<std::string>& cursor) {
    if (!cursor) return std::numeric_limits<std::int64_t>::min();
    std::int64_t place = 0;
    const char* const end = cursor->data() + cursor->size();
    const auto read = std::from_chars(cursor->data(), end, place);
    if (read.ec != std::errc() || read.ptr != end)
        throw failed(invalid_field("cursor", "is not a cursor that a listing gave"));
    return place;
}

}  // namespace

awaitable<result<bool>> sqlite_store::accept_delivery(delivery given) {
    auto work = [this, given = std::move(given)](connection& db) -> result<bool> {
        return write_side_.deliveries().accept(db, given, write_side_.now());
    };
    return change(effect::commits, std::move(work));
}

awaitable<std::vector<delivery>> sqlite_store::waiting_deliveries(std::size_t limit) {
    return reader_.submit(effect::reads,
                          [limit](connection& db) { return read_waiting(db, limit); });
}

awaitable<result<std::vector<recorded>>> sqlite_store::record_insights(
    std::vector<new_insight> items, insight_source source, std::vector<std::string> delivery_ids,
    unknown_ids unknown) {
    auto work = [this, items = std::move(items), source, delivery_ids = std::move(delivery_ids),
                 unknown](connection& db) -> result<std::vector<recorded>> {
        std::vector<recorded> answers;
        answers.reserve(items.size());
        for (const auto& item : items)
            answers.push_back(record_insight(write_side_, db, item, source, unknown));
        for (const auto& id : delivery_ids)
            write_side_.deliveries().finish(db, id);
        return answers;
    };
    return change(effect::commits, std::move(work));
}

awaitable<listing<insight>> sqlite_store::list_insights(std::int64_t since, std::size_t limit) {
    return reader_.submit(effect::reads, [since, limit](connection& db) {
        return list_insight_rows(db, since, limit);
    });
}

awaitable<std::optional<insight>> sqlite_store::latest_memory_insights() {
    return reader_.submit(effect::reads, [](connection& db) { return latest_snapshot(db); });
}

awaitable<std::vector<evolution_match>> sqlite_store::find_evolution(std::vector<std::string> words,
                                                                     std::size_t limit) {
    return reader_.submit(effect::reads, [words = std::move(words), limit](connection& db) {
        return search_evolution(db, words, limit);
    });
}

awaitable<listing<recommendation>> sqlite_store::list_recommendations(
    std::optional<recommendation_status> wanted, std::optional<std::int64_t> before,
    std::size_t limit) {
    return reader_.submit(effect::reads, [wanted, before, limit](connection& db) {
        return list_recommendation_rows(db, wanted, before, limit);
    });
}

awaitable<result<decision>> sqlite_store::apply_recommendation(std::int64_t id,
                                                               unknown_ids unknown) {
    auto work = [this, id, unknown](connection& db) {
        return sqlite::apply(write_side_, db, id, unknown);
    };
    return change(effect::commits, std::move(work));
}

awaitable<result<decision>> sqlite_store::dismiss_recommendation(std::int64_t id) {
    return change(effect::commits,
                  [this, id](connection& db) { return dismiss(write_side_, db, id); });
}

awaitable<listing<action>> sqlite_store::list_actions(std::optional<action_status> wanted,
                                                      std::optional<std::string> cursor,
                                                      std::size_t limit) {
    auto work = [wanted, cursor = std::move(cursor), limit](connection& db) {
        return list_action_rows(db, wanted, read_place(cursor), limit);
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<result<action>> sqlite_store::set_action_status(std::int64_t id, action_status status) {
    auto work = [this, id, status](connection& db) -> result<action> {
        set_action_row_status(db, id, status, write_side_.now());
        if (auto changed = find_action(db, id)) return std::move(*changed);
        return error{errc::not_found, "no action has this id"};
    };
    return change(effect::commits, std::move(work));
}

}  // namespace memorypro::store::sqlite
