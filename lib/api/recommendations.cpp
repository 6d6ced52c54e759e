#include "api/handlers.hpp"
#include "api/listing.hpp"
#include "api/query.hpp"
#include "http/problem.hpp"
#include "insights/text.hpp"

namespace memorypro::api {
namespace {

// The recommendation, also where it was decided so before: the first answer may have been lost.
answer decided(const result<store::decision>& done, const http::exchange& x) {
    if (!done && done.error().code == errc::conflict)
        return http::problem(409, "not_pending", done.error().detail, x.request.id);
    if (!done) return done.error();
    std::string out;
    insights::append_recommendation(out, done->recommendation);
    return json_reply(200, std::move(out));
}

}  // namespace

awaitable<answer> list_recommendations(resources& r, http::exchange& x) {
    const auto wanted = parse_recommendations_query(x.request.query);
    if (!wanted) co_return wanted.error();
    const auto page =
        co_await r.store.list_recommendations(wanted->status, wanted->cursor, wanted->limit);
    co_return listing_reply("recommendations", page, insights::append_recommendation);
}

awaitable<answer> apply_recommendation(resources& r, http::exchange& x) {
    if (const auto none = expect_no_query(x.request.query); !none) co_return none.error();
    const auto done = co_await r.store.apply_recommendation(
        item_id(x),
        has_cloud(r) ? store::unknown_ids::are_the_clouds : store::unknown_ids::are_errors);
    auto shown = decided(done, x);
    if (done && done->is_new) r.events.publish("recommendation.applied", shown->body);
    co_return shown;
}

awaitable<answer> dismiss_recommendation(resources& r, http::exchange& x) {
    if (const auto none = expect_no_query(x.request.query); !none) co_return none.error();
    const auto done = co_await r.store.dismiss_recommendation(item_id(x));
    co_return decided(done, x);
}

}  // namespace memorypro::api
