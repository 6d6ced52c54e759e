#include "webhook/receiver.hpp"

#include <array>
#include <utility>

#include "base/json.hpp"
#include "base/json_check.hpp"
#include "base/sha256.hpp"
#include "config/url.hpp"
#include "http/problem.hpp"
#include "webhook/verify.hpp"

namespace memorypro::webhook {
namespace {

constexpr std::size_t most_in_flight = 256;  // that wait to be durable
constexpr std::string_view default_path = "/memorypro/webhook";

signature_headers signatures_of(const http::request& from) {
    return {.memorypro_signature = from.header("X-MemoryPro-Signature"),
            .webhook_id = from.header("webhook-id"),
            .webhook_timestamp = from.header("webhook-timestamp"),
            .webhook_signature = from.header("webhook-signature")};
}

}  // namespace

http::limits receiver_limits() {
    using namespace std::chrono_literals;
    return {.connections = 512,
            .header_bytes = 8 * 1024,
            .body_bytes = 1 << 20,
            .all_bodies_bytes = 32 << 20,
            .idle = 15s,
            .request = 10s,
            .write = 10s,
            .ends_at_refusal = true,
            .yields_after = 1s};
}

std::string path_of(const std::string& webhook_url) {
    if (webhook_url.empty()) return std::string(default_path);
    const auto url = config::parse_url(webhook_url);
    if (!url) return std::string(default_path);
    auto path = url->target.substr(0, url->target.find('?'));
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path;
}

receiver::receiver(store::store& s, insights::processor& p, metrics& m, const clock& time,
                   const config::settings& settings)
    : store_(s),
      processor_(p),
      metrics_(m),
      clock_(time),
      settings_(settings),
      router_(routes_for(path_of(settings.webhook_url))) {}

void receiver::reloaded() {
    const auto path = path_of(settings_.webhook_url);
    if (path != *std::prev(paths_.end(), 2)) router_.replace(routes_for(path));
}

std::vector<http::route> receiver::routes_for(const std::string& path) {
    std::vector<http::route> routes;
    paths_.push_back(path);
    paths_.push_back(path == "/" ? path : path + '/');
    for (auto one = std::prev(paths_.end(), 2); one != paths_.end(); ++one)
        routes.push_back({.method = http::verb::post,
                          .pattern = *one,
                          .handle = [this](http::exchange& x) { return receive(x); },
                          .body = http::body_kind::bytes});
    return routes;
}

awaitable<result<http::reply>> receiver::receive(http::exchange& x) {
    const auto now = clock_.now();
    const auto signatures = signatures_of(x.request);
    const std::array secrets{settings_.webhook_secret, settings_.webhook_secret_previous};
    // The former secret helps out while there is one that replaces it, and opens nothing alone.
    const auto right =
        secrets.front().empty() ? std::nullopt : verify(signatures, x.body, secrets, now);
    if (!right)
        co_return reject(
            http::problem(401, "invalid_signature", "Invalid signature", x.request.id));
    if (!is_object(x.body, deepest_document))
        if (const auto object = parse_object(x.body, deepest_document); !object)
            co_return reject(
                http::problem({errc::bad_request, object.error().detail}, x.request.id));
    auto id = right == scheme::standard ? std::string(signatures.webhook_id) : sha256_hex(x.body);
    co_return co_await keep({std::move(id), std::move(x.body), now});
}

http::reply receiver::reject(http::reply answer) {
    ++counts_.rejected;
    metrics_.webhooks_rejected.Increment();
    return answer;
}

awaitable<result<http::reply>> receiver::keep(store::delivery given) {
    if (in_flight_ >= most_in_flight) {
        metrics_.webhooks_failed.Increment();
        co_return error{errc::overloaded, "too many deliveries at once; try again"};
    }
    const auto received_at = given.received_at;
    const auto bytes = given.body.size();
    result<bool> is_new = false;
    ++in_flight_;
    try {
        is_new = co_await store_.accept_delivery(std::move(given));
    } catch (...) {  // not for a guard's destructor: a frame may be destroyed after the receiver
        --in_flight_;
        metrics_.webhooks_failed.Increment();
        throw;
    }
    --in_flight_;
    if (is_new) co_return accepted(*is_new, received_at, bytes);
    metrics_.webhooks_failed.Increment();
    co_return is_new.error();
}

http::reply receiver::accepted(bool is_new, timestamp received_at, std::size_t bytes) {
    counts_.last_delivery = received_at;
    if (!is_new) {
        ++counts_.duplicates;
        metrics_.webhooks_duplicate.Increment();
        return {.body = R"({"status":"received","duplicate":true})"};
    }
    ++counts_.accepted;
    metrics_.webhooks_accepted.Increment();
    processor_.ring(bytes);
    return {.body = R"({"status":"received"})"};
}

}  // namespace memorypro::webhook
