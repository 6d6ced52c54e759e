#include "emulator/delivery.hpp"

#include <boost/asio/this_coro.hpp>

#include "cloud/https_transport.hpp"
#include "config/url.hpp"
#include "http/problem.hpp"
#include "webhook/signature.hpp"

namespace memorypro::emulator {
namespace {

namespace client = ::memorypro::cloud;

constexpr std::chrono::seconds patience{10};

awaitable<client::outcome> deliver(webhook to, std::string ca_file, std::string body) {
    const auto url = config::parse_url(to.url);
    if (!url) co_return client::no_answer{.detail = url.error().detail};
    client::https_transport transport(
        co_await asio::this_coro::executor,
        {.connect = {.server = *url, .ca_file = std::move(ca_file)}, .connections = 1});
    client::request post{.target = url->target,
                         .headers = {{"Content-Type", "application/json"},
                                     {"User-Agent", "memorypro-emulator/" MEMORYPRO_VERSION},
                                     {"X-MemoryPro-Signature",
                                      "sha256=" + memorypro::webhook::sign(to.secret, body)}}};
    post.body = std::move(body);
    co_return co_await transport.exchange(std::move(post),
                                          std::chrono::steady_clock::now() + patience);
}

}  // namespace

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
    const auto outcome =
        co_await deliver(*c.webhooks.registered(), c.webhook_ca_file, to_json(*envelope));
    if (const auto* none = std::get_if<client::no_answer>(&outcome))
        co_return http::problem(502, "not_delivered",
                                "the receiver did not answer: " + none->detail, x.request.id);
    const auto& got = std::get<client::answer>(outcome);
    co_return json_reply(200, to_json(json::object{{"status", got.status}, {"body", got.body}}));
}

}  // namespace memorypro::emulator
