#include "webhook/receiver.hpp"

#include <array>
#include <utility>

#include "base/json_check.hpp"
#include "base/sha256.hpp"
#include "config/url.hpp"
#include "http/problem.hpp"
#include "insights/reading.hpp"
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

// Counts one delivery at its end as what it came to; until that is known: failed.
class tally {
public:
    tally(std::size_t& in_flight, prometheus::Counter& failed)
        : in_flight_(in_flight), outcome_(&failed) {
        ++in_flight_;
    }
    ~tally() {
        --in_flight_;
        outcome_->Increment();
    }
    tally(const tally&) = delete;
    tally& operator=(const tally&) = delete;

    void is(prometheus::Counter& outcome) { outcome_ = &outcome; }

private:
    std::size_t& in_flight_;
    prometheus::Counter* outcome_;
};

}  // namespace

http::limits receiver_limits() {
    using namespace std::chrono_literals;
    return {.connections = 512,
            .header_bytes = 8 * 1024,
            .body_bytes = 1 << 20,
            .all_bodies_bytes = 32 << 20,
            .idle = 15s,
            .request = 10s,
            .write = 10s};
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
    const auto right = verify(signatures, x.body, secrets, now);
    if (!right)
        co_return reject(
            http::problem(401, "invalid_signature", "Invalid signature", x.request.id));
    if (!is_object(x.body, insights::deepest_document)) {
        const auto why = parse_object(x.body, insights::deepest_document).error().detail;
        co_return reject(http::problem({errc::bad_request, why}, x.request.id));
    }
    auto id = right == scheme::standard ? std::string(signatures.webhook_id) : sha256_hex(x.body);
    co_return co_await keep({std::move(id), std::move(x.body), now});
}

http::reply receiver::reject(http::reply answer) {
    ++counts_.rejected;
    metrics_.webhooks_rejected.Increment();
    return answer;
}

awaitable<result<http::reply>> receiver::keep(store::delivery given) {
    tally outcome(in_flight_, metrics_.webhooks_failed);
    if (in_flight_ > most_in_flight)
        co_return error{errc::overloaded, "too many deliveries at once; try again"};
    const auto received_at = given.received_at;
    const auto bytes = given.body.size();
    const auto is_new = co_await store_.accept_delivery(std::move(given));
    if (!is_new) co_return is_new.error();
    counts_.last_delivery = received_at;
    if (!*is_new) {
        ++counts_.duplicates;
        outcome.is(metrics_.webhooks_duplicate);
        co_return http::reply{.body = R"({"status":"received","duplicate":true})"};
    }
    ++counts_.accepted;
    outcome.is(metrics_.webhooks_accepted);
    processor_.ring(bytes);
    co_return http::reply{.body = R"({"status":"received"})"};
}

}  // namespace memorypro::webhook
