#include "api/handlers.hpp"
#include "api/listing.hpp"
#include "api/query.hpp"
#include "insights/text.hpp"
#include "store/insight_names.hpp"

namespace memorypro::api {
namespace {

// {"status": …} and nothing else.
result<store::action_status> status_in(const json::object& body) {
    for (const auto& member : body)
        if (member.key() != "status")
            return invalid_field(std::string(member.key()), "is not a field that can be changed");
    const auto* value = body.if_contains("status");
    const auto* text = value ? value->if_string() : nullptr;
    const auto status = text ? store::parse_action_status(*text) : std::nullopt;
    if (!status)
        return invalid_field("status",
                             "must be pending, in_progress, completed, failed or cancelled");
    return *status;
}

}  // namespace

awaitable<answer> list_actions(resources& r, http::exchange& x) {
    const auto wanted = parse_actions_query(x.request.query);
    if (!wanted) co_return wanted.error();
    const auto page = co_await r.store.list_actions(wanted->status, wanted->cursor, wanted->limit);
    co_return listing_reply("actions", page, insights::append_action);
}

awaitable<answer> patch_action(resources& r, http::exchange& x) {
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    const auto status = status_in(*body);
    if (!status) co_return status.error();
    const auto changed = co_await r.store.set_action_status(item_id(x), *status);
    if (!changed) co_return changed.error();
    std::string out;
    insights::append_action(out, *changed);
    co_return json_reply(200, std::move(out));
}

}  // namespace memorypro::api
