// A receiver behind a real server on a Unix socket, and senders on the same loop.
#pragma once

#include <optional>

#include "http/server.hpp"
#include "insights/fake_inbox.hpp"
#include "support/raw_client.hpp"
#include "support/run.hpp"
#include "support/temp_dir.hpp"
#include "webhook/receiver.hpp"
#include "webhook/signature.hpp"

namespace memorypro::webhook {

inline const std::string secret = "test_secret";

inline config::settings with_secret() {
    config::settings made;
    made.webhook_secret = secret;
    return made;
}

class receiving {
public:
    explicit receiving(http::limits limits = receiver_limits(),
                       config::settings given = with_secret())
        : settings(std::move(given)),
          processor(loop.get_executor(), inbox, events, settings),
          receiver(inbox, processor, metrics, wall, settings),
          server(loop.get_executor(), receiver.routes(), limits, std::chrono::milliseconds(2)) {
        server.listen(http::listen_unix(path(), 0600).value());
        receiver.listens();
    }
    ~receiving() {
        server.stop();
        test::run_until(loop, [this] { return server.ended(); });
        loop.restart();
        loop.poll();
    }

    std::string path() const { return dir_.file("s"); }

private:
    test::temp_dir dir_;

public:
    asio::io_context loop;
    test::fake_clock wall;
    store::fake_inbox inbox;
    events::hub events{loop.get_executor(), wall.now()};
    memorypro::metrics metrics;
    config::settings settings;
    insights::processor processor;
    webhook::receiver receiver;
    http::server server;
};

class sender : public test::raw_client {
public:
    explicit sender(receiving& to) : raw_client(to.loop, to.path()) {}

    test::response ask(std::string_view request) {
        send(request);
        return receive();
    }
};

inline std::string post(std::string_view body, std::string_view headers,
                        std::string_view path = "/memorypro/webhook") {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline std::string signature(std::string_view body, std::string_view with = secret) {
    return "X-MemoryPro-Signature: sha256=" + sign(with, body) + "\r\n";
}

inline std::string signed_post(std::string_view body,
                               std::string_view path = "/memorypro/webhook") {
    return post(body, signature(body), path);
}

}  // namespace memorypro::webhook
