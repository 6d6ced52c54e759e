#include "store/sqlite/record.hpp"

#include "store/insight_names.hpp"
#include "store/sqlite/actions.hpp"
#include "store/sqlite/evolution_updates.hpp"
#include "store/sqlite/insight_rows.hpp"
#include "store/sqlite/lifecycle.hpp"
#include "store/sqlite/recommendations.hpp"

namespace memorypro::store::sqlite {
namespace {

bool is_applied_at_once(const new_insight& given) {
    return given.enabled && !given.memory_ids.empty() &&
           (given.action == lifecycle_action::archive ||
            given.action == lifecycle_action::prioritize);
}

// Of a recommendation that is only logged nothing is announced, but it can be applied by hand.
void take_recommendation(write_side& w, connection& db, const new_insight& given,
                         unknown_ids unknown, recorded& done) {
    const bool now = is_applied_at_once(given);
    auto added = insert_recommendation(
        db, done.insight, given,
        now ? recommendation_status::applied : recommendation_status::pending);
    if (now) carry_out(w, db, added.id, given.action, given.memory_ids, unknown);
    if (given.enabled) done.recommendation = std::move(added);
}

void forget_effect(connection& db, insight_kind kind, std::int64_t id) {
    switch (kind) {
        case insight_kind::lifecycle_recommendation:
            delete_recommendation(db, id);
            break;
        case insight_kind::evolution_update:
            delete_evolution_update(db, id);
            break;
        case insight_kind::discovered_action:
            delete_action(db, id);
            break;
        case insight_kind::memory_insights:
        case insight_kind::unknown:
            break;
    }
}

void drop_oldest(write_side& w, connection& db, const new_insight& like) {
    while (const auto id = drop_oldest_insight(db, w.counts(), like, w.most_insights()))
        forget_effect(db, like.kind, *id);
}

// It came while its feature was off. Learned now; what a person may have decided about stays.
void catch_up(write_side& w, connection& db, const insight& known, const new_insight& given) {
    if (known.kind != insight_kind::evolution_update) return;
    enable_insight(db, w.counts(), known);
    insert_evolution_update(db, known, given);
    drop_oldest(w, db, given);
}

// One that is pending, can be undone, or is decided so already.
result<recommendation_row> find_to_become(connection& db, std::int64_t id,
                                          recommendation_status wanted) {
    auto row = find_recommendation(db, id);
    if (!row) return error{errc::not_found, "no recommendation has this id"};
    const auto status = row->what.status;
    const bool can_be_undone =
        status == recommendation_status::applied && row->action == lifecycle_action::archive;
    if (status != recommendation_status::pending && status != wanted && !can_be_undone)
        return error{errc::conflict,
                     "the recommendation is " + std::string(to_string(status)) + " already"};
    return std::move(*row);
}

// False: it is so already.
bool decide(connection& db, recommendation& about, recommendation_status to) {
    if (about.status == to) return false;
    about.status = to;
    set_recommendation_status(db, about.id, to);
    return true;
}

}  // namespace

recorded record_insight(write_side& w, connection& db, const new_insight& given,
                        insight_source source, unknown_ids unknown) {
    if (auto known = find_same(db, given)) {
        if (given.enabled && !known->enabled) catch_up(w, db, known->what, given);
        return {.insight = std::move(known->what), .recommendation = {}, .action = {}};
    }
    recorded done{.insight = insert_insight(db, w.counts(), given, source, w.now()),
                  .is_new = true,
                  .recommendation = {},
                  .action = {}};
    if (given.kind == insight_kind::lifecycle_recommendation)
        take_recommendation(w, db, given, unknown, done);
    else if (given.kind == insight_kind::evolution_update && given.enabled)
        insert_evolution_update(db, done.insight, given);
    else if (given.kind == insight_kind::discovered_action && given.enabled)
        done.action = insert_action(db, done.insight, given);
    drop_oldest(w, db, given);
    return done;
}

result<decision> apply(write_side& w, connection& db, std::int64_t id, unknown_ids unknown) {
    auto row = find_to_become(db, id, recommendation_status::applied);
    if (!row) return row.error();
    if (row->what.status == recommendation_status::applied)
        return decision{std::move(row->what), false};
    const auto why = why_it_does_nothing(row->action, row->what.memory_ids);
    if (!why.empty())
        return error{errc::inapplicable,
                     "the recommendation cannot be applied: " + why + "; it can be dismissed"};
    decide(db, row->what, recommendation_status::applied);
    carry_out(w, db, id, row->action, row->what.memory_ids, unknown);
    return decision{std::move(row->what), true};
}

result<decision> dismiss(write_side& w, connection& db, std::int64_t id) {
    auto row = find_to_become(db, id, recommendation_status::dismissed);
    if (!row) return row.error();
    if (row->what.status == recommendation_status::applied) show_archived(w, db, id);
    const bool is_new = decide(db, row->what, recommendation_status::dismissed);
    return decision{std::move(row->what), is_new};
}

}  // namespace memorypro::store::sqlite
