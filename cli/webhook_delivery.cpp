#include "cli/webhook_delivery.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/signing_key.hpp"
#include "cli/failure.hpp"
#include "cloud/connector.hpp"
#include "cloud/https_transport.hpp"
#include "config/parse.hpp"
#include "webhook/receiver.hpp"
#include "webhook/signature.hpp"
#include "webhook/standard.hpp"

namespace memorypro::cli {

namespace {

// An address to listen on may mean all of the host's, one to connect to may not.
std::string reachable(const std::string& listening) {
    if (listening == "0.0.0.0") return "127.0.0.1";
    return listening == "::" ? "::1" : listening;
}

cloud::lookup_function lookup_for(const receiver_address& to) {
    if (!to.connect_to) return cloud::system_lookup;
    return [there = *to.connect_to](const std::string&, std::uint16_t) {
        return cloud::system_lookup(there.host, there.port);
    };
}

cloud::outcome exchange(const receiver_address& to, const std::string& ca_file, cloud::request post,
                        std::chrono::milliseconds timeout) {
    asio::io_context loop(1);
    cloud::https_transport transport(
        loop.get_executor(),
        {.connect = {.server = to.url, .ca_file = ca_file, .lookup = lookup_for(to)},
         .connections = 1});
    cloud::outcome outcome;
    std::exception_ptr thrown;
    asio::co_spawn(loop,
                   transport.exchange(std::move(post), std::chrono::steady_clock::now() + timeout),
                   [&](const std::exception_ptr& failed, cloud::outcome got) {
                       thrown = failed;
                       outcome = std::move(got);
                       transport.stop();
                   });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    return outcome;
}

}  // namespace

header_list signature_headers_of(const signing& how, std::string_view secret,
                                 std::string_view body) {
    header_list headers;
    if (how.memorypro)
        headers.emplace_back("X-MemoryPro-Signature", "sha256=" + webhook::sign(secret, body));
    if (how.standard) {
        const auto key = signing_key(secret);
        if (!key)
            throw failure(exit_code::configuration,
                          "the secret begins with whsec_ and holds no key");
        const auto seconds = std::chrono::floor<std::chrono::seconds>(how.when);
        const auto time = std::to_string(seconds.time_since_epoch().count());
        headers.emplace_back("webhook-id", how.id);
        headers.emplace_back("webhook-timestamp", time);
        headers.emplace_back("webhook-signature", webhook::sign_standard(*key, how.id, time, body));
    }
    return headers;
}

receiver_address receiver_of(const config::settings& settings) {
    const auto listening = config::parse_endpoint(settings.webhook_listen);
    if (!listening) throw failure(exit_code::configuration, listening.error().detail);
    if (listening->port == 0)
        throw failure(exit_code::configuration,
                      "MEMORYPRO_WEBHOOK_LISTEN has port 0: say with --url which one it got");
    receiver_address to{.url = {.tls = !settings.webhook_tls_cert.empty(),
                                .host = reachable(listening->address),
                                .port = listening->port,
                                .target = webhook::path_of(settings.webhook_url)}};
    const auto announced = config::parse_url(settings.webhook_url);
    if (to.url.tls && announced && announced->tls) {
        to.connect_to = to.url;
        to.url.host = announced->host;
    }
    return to;
}

std::string text_of(const config::url_parts& url) {
    return fmt::format("{}://{}{}", url.tls ? "https" : "http", cloud::authority_of(url),
                       url.target);
}

cloud::answer deliver(const receiver_address& to, const std::string& ca_file, header_list headers,
                      std::string body, std::chrono::milliseconds timeout) {
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("User-Agent", "memorypro/" MEMORYPRO_VERSION);
    cloud::request post{
        .target = to.url.target, .headers = std::move(headers), .body = std::move(body)};
    auto got = exchange(to, ca_file, std::move(post), timeout);
    if (const auto* none = std::get_if<cloud::no_answer>(&got))
        throw failure(exit_code::unreachable,
                      fmt::format("{} did not answer: {}", text_of(to.url), none->detail));
    return std::get<cloud::answer>(std::move(got));
}

}  // namespace memorypro::cli
