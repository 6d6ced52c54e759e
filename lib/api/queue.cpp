// The outbox as the API shows it.
#include "api/handlers.hpp"
#include "api/listing.hpp"
#include "api/query.hpp"
#include "memory/route.hpp"
#include "store/names.hpp"

namespace memorypro::api {
namespace {

constexpr std::size_t most_queued_a_call = 1000;

json::object item_json(const store::outbox_item& item) {
    return {{"id", std::to_string(item.id)},
            {"memory_id", item.memory_id},
            {"operation", store::to_string(item.call)},
            {"state", store::to_string(item.state)},
            {"attempts", item.attempts},
            {"next_attempt_at", time_or_null(item.next_attempt_at)},
            {"last_error", text_or_null(item.last_error)},
            {"created_at", format_time(item.created_at)}};
}

void append_item(std::string& out, const store::outbox_item& item) {
    append_json(out, item_json(item));
}

}  // namespace

awaitable<answer> list_queue(resources& r, http::exchange& x) {
    const auto wanted = parse_queue_query(x.request.query);
    if (!wanted) co_return wanted.error();
    const auto page = co_await r.store.list_outbox(wanted->state, wanted->cursor, wanted->limit);
    co_return listing_reply("items", page, append_item);
}

awaitable<answer> get_queued(resources& r, http::exchange& x) {
    const auto item = co_await r.store.find_outbox(item_id(x));
    if (!item) co_return item.error();
    co_return json_reply(200, to_json(item_json(*item)));
}

awaitable<answer> retry_queued(resources& r, http::exchange& x) {
    const auto item = co_await r.store.retry_outbox(item_id(x));
    if (!item) co_return item.error();
    r.cloud.try_now();
    r.outbox_news.ring();
    co_return json_reply(200, to_json(item_json(*item)));
}

awaitable<answer> delete_queued(resources& r, http::exchange& x) {
    const auto id = item_id(x);
    const auto removed = co_await r.store.remove_outbox(id);
    if (!removed) co_return removed.error();
    co_return json_reply(200,
                         to_json(json::object{{"status", "success"}, {"id", std::to_string(id)}}));
}

// Queues what is only here, some at a time: `memorypro sync --all` calls until nothing remains.
awaitable<answer> queue_locals(resources& r, http::exchange& x) {
    if (const auto none = expect_no_query(x.request.query); !none) co_return none.error();
    const auto outbound = memory::outbound_of(config::mode_of(r.settings));
    if (!outbound)
        co_return error{errc::no_cloud,
                        "no cloud is configured: set MEMORYPRO_API_KEY and MEMORYPRO_API_SECRET"};
    const auto done = co_await r.store.queue_locals(outbound->call, most_queued_a_call);
    if (!done) co_return done.error();
    if (done->queued > 0) r.outbox_news.ring();
    co_return json_reply(
        200, to_json(json::object{{"queued", done->queued}, {"remaining", done->remaining}}));
}

}  // namespace memorypro::api
