#include "api/handlers.hpp"
#include "api/query.hpp"

namespace memorypro::api {
namespace {

// Copied whole first: what comes of it is known before the answer begins.
awaitable<result<void>> copy(store::backup& made, const resources& r, const http::exchange& x) {
    while (true) {
        const auto more = co_await made.copy_some();
        if (!more) co_return more.error();
        if (!*more) co_return result<void>();
        if (x.client_is_gone() || r.events.closed())
            co_return error{errc::unavailable, "the backup was given up"};
    }
}

awaitable<answer> copy_and_send(store::backup& made, const resources& r, http::exchange& x) {
    if (const auto copied = co_await copy(made, r, x); !copied) co_return copied.error();
    const http::reply head{.content_type = "application/vnd.sqlite3", .streamed = true};
    bool reading = co_await x.begin(head);
    while (reading) {
        const auto piece = co_await made.read_some();
        if (piece.empty()) break;
        reading = co_await x.send(piece);
    }
    co_return head;
}

}  // namespace

awaitable<answer> back_up(resources& r, http::exchange& x) {
    if (const auto none = expect_no_query(x.request.query); !none) co_return none.error();
    const auto begun = r.store.begin_backup();
    if (!begun) co_return begun.error();
    const auto made = *begun;
    auto sent = co_await copy_and_send(*made, r, x);
    co_await made->discard();
    co_return sent;
}

}  // namespace memorypro::api
