// The outbox as the API shows it. Nothing is queued when no cloud is configured (DESIGN §6).
#include "api/handlers.hpp"
#include "api/query.hpp"

namespace memorypro::api {
namespace {

error no_such_item() {
    return {errc::not_found, "no item of the queue has this id"};
}

}  // namespace

awaitable<answer> list_queue(resources&, http::exchange& x) {
    const auto wanted = parse_page_query(x.request.query);
    if (!wanted) co_return wanted.error();
    co_return json_reply(200, R"({"items":[],"next_cursor":null,"total":0})");
}

awaitable<answer> flush_queue(resources&, http::exchange& x) {
    const auto timeout = parse_number_query(x.request.query, "timeout", 0, 3600, 30);
    if (!timeout) co_return timeout.error();
    co_return json_reply(200, R"({"drained":true,"pending":0,"dead":0})");
}

awaitable<answer> retry_queued(resources&, http::exchange&) {
    co_return no_such_item();
}

awaitable<answer> delete_queued(resources&, http::exchange&) {
    co_return no_such_item();
}

}  // namespace memorypro::api
