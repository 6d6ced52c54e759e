// The search index as the API shows it.
#include "api/handlers.hpp"
#include "api/query.hpp"

namespace memorypro::api {

// What was there is built again in the background; status tells how far it is.
awaitable<answer> rebuild_index(resources& r, http::exchange& x) {
    if (const auto none = expect_no_query(x.request.query); !none) co_return none.error();
    const auto begun = co_await r.store.rebuild_index();
    co_return json_reply(
        202, to_json(json::object{
                 {"status", "rebuilding"}, {"indexed", begun.indexed}, {"behind", begun.behind}}));
}

}  // namespace memorypro::api
