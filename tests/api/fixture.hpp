// The local API over a real Unix socket, a real store and a fake cloud.
#pragma once

#include "api/routes.hpp"
#include "http/server.hpp"
#include "memory/fixture.hpp"
#include "support/raw_client.hpp"

namespace memorypro::api {

using config::mode;

struct answered {
    unsigned status = 0;
    json::object body;
    std::string text;
    std::string retry_after;
};

class api_fixture : public memory::service_fixture {
public:
    explicit api_fixture(config::settings s) : service_fixture(std::move(s)) {
        server_.listen(http::listen_unix(path(), 0600).value());
    }
    explicit api_fixture(config::mode m = mode::local) : api_fixture(memory::in_mode(m)) {}
    ~api_fixture() {
        events.close();
        server_.stop();
        test::run_until(loop, [this] { return server_.ended() && parts.action_keepers == 0; });
    }

    std::string path() const { return dir.file("socket"); }

    answered ask(std::string_view method, std::string_view target, std::string_view body = "") {
        test::raw_client client(loop, path());
        send(client, method, target, body);
        return receive(client);
    }
    answered get(std::string_view target) { return ask("GET", target); }
    answered post(std::string_view target, std::string_view body = "") {
        return ask("POST", target, body);
    }

    void send(test::raw_client& client, std::string_view method, std::string_view target,
              std::string_view body = "") {
        client.send(std::string(method) + ' ' + std::string(target) +
                    " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + std::string(body));
    }
    answered receive(test::raw_client& client) {
        const auto response = client.receive();
        answered out{.status = response.result_int(),
                     .text = response.body(),
                     .retry_after = test::header(response, "Retry-After")};
        if (auto object = parse_object(out.text)) out.body = std::move(*object);
        return out;
    }

    // The only row's id, as text.
    std::string item() {
        const auto rows = queue();
        REQUIRE(rows.size() == 1);
        return std::to_string(rows[0].id);
    }
    // What a worker does when the cloud refuses everything.
    void refuse_all(std::string words) {
        for (const auto& lane : run(store().claim_outbox({.lanes = 100})).lanes) {
            std::vector<store::settlement> refused;
            for (const auto& entry : lane.entries)
                refused.push_back({.id = entry.id,
                                   .revision = entry.revision,
                                   .what = store::settlement::kind::refused,
                                   .error = words});
            run(store().settle_outbox(lane.scope, std::move(refused), store::after_sync::keep_copy,
                                      true));
        }
    }

    store::store& store() { return *operator->(); }

    insights::processor processor{loop.get_executor(), store(), events, settings};
    insights::poller poller{loop.get_executor(), client, processor, clock, settings};
    webhook::receiver receiver{store(), processor, counted, clock, settings};
    webhook::registration registration{loop.get_executor(), client, settings, memory::middle};
    resources parts{.memories = memories,
                    .store = store(),
                    .cloud = client,
                    .events = events,
                    .insights = processor,
                    .poller = poller,
                    .receiver = receiver,
                    .registration = registration,
                    .outbox_news = news,
                    .metrics = counted,
                    .clock = clock,
                    .settings = settings};

private:
    http::router router_{local_routes(parts)};
    http::server server_{loop.get_executor(), router_, {}, std::chrono::milliseconds(2)};
};

}  // namespace memorypro::api
