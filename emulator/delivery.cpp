#include "emulator/delivery.hpp"

#include "http/problem.hpp"

namespace memorypro::emulator {

namespace client = ::memorypro::cloud;

result<json::object> envelope_of(json::object event, timestamp now) {
    const auto* type = event.if_contains("event_type");
    if (!type || !type->is_string() || type->get_string().empty())
        return invalid_field("event_type", "is required, a string that is not empty");
    const auto* data = event.if_contains("data");
    if (!data || !data->is_object()) return invalid_field("data", "is required, an object");
    if (!event.contains("user_id")) event["user_id"] = "development";
    if (!event.contains("timestamp")) event["timestamp"] = format_time(now);
    return event;
}

awaitable<answer> send_webhook(cloud& c, http::exchange& x) {
    auto event = parse_object(x.body);
    if (!event) co_return event.error();
    const auto envelope = envelope_of(std::move(*event), system_clock().now());
    if (!envelope) co_return envelope.error();
    if (!c.webhooks.registered())
        co_return error{errc::not_found, "no webhook is registered; POST webhooks/register first"};
    const auto made = co_await c.courier.deliver(*c.webhooks.registered(), to_json(*envelope), 1);
    if (const auto* none = std::get_if<client::no_answer>(&made.last))
        co_return http::problem(502, "not_delivered",
                                "the receiver did not answer: " + none->detail, x.request.id);
    const auto& got = std::get<client::answer>(made.last);
    co_return json_reply(200, to_json(json::object{{"status", got.status}, {"body", got.body}}));
}

}  // namespace memorypro::emulator
