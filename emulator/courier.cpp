#include "emulator/courier.hpp"

#include "cloud/enlisted.hpp"
#include "cloud/https_transport.hpp"
#include "config/url.hpp"
#include "webhook/signature.hpp"

namespace memorypro::emulator {
namespace {

namespace client = ::memorypro::cloud;

constexpr std::chrono::seconds patience{10};
constexpr std::chrono::milliseconds first_delay{500};

client::request signed_post(const webhook& to, std::string target, std::string body) {
    const auto signature = "sha256=" + memorypro::webhook::sign(to.secret, body);
    return {.target = std::move(target),
            .headers = {{"Content-Type", "application/json"},
                        {"User-Agent", "memorypro-emulator/" MEMORYPRO_VERSION},
                        {"X-MemoryPro-Signature", signature}},
            .body = std::move(body)};
}

}  // namespace

bool delivered::accepted() const {
    const auto* answer = std::get_if<client::answer>(&last);
    return answer && answer->status / 100 == 2;
}

courier::courier(executor loop, std::string ca_file)
    : executor_(loop), ca_file_(std::move(ca_file)), stopping_(loop) {}

awaitable<delivered> courier::deliver(webhook to, std::string body, int attempts) {
    delivered made;
    auto delay = first_delay;
    while (made.attempts < attempts && !stopped_) {
        if (made.attempts > 0) {
            co_await pause(delay);
            delay *= 2;
        }
        made.last = co_await try_once(to, body);
        ++made.attempts;
        if (made.accepted()) break;
    }
    co_return made;
}

awaitable<client::outcome> courier::try_once(const webhook& to, std::string body) {
    if (stopped_) co_return client::no_answer{.why = client::no_answer::reason::stopped};
    const auto url = config::parse_url(to.url);
    if (!url) co_return client::no_answer{.detail = url.error().detail};
    client::https_transport transport(
        executor_, {.connect = {.server = *url, .ca_file = ca_file_}, .connections = 1});
    const client::enlisted<client::transport> listed(busy_, transport);
    co_return co_await transport.exchange(signed_post(to, url->target, std::move(body)),
                                          std::chrono::steady_clock::now() + patience);
}

awaitable<> courier::pause(std::chrono::milliseconds time) {
    if (!stopped_) co_await stopping_.wait(stopping_.rings(), time);
}

void courier::stop() {
    stopped_ = true;
    stopping_.ring();
    for (auto* transport : busy_)
        transport->stop();
}

}  // namespace memorypro::emulator
