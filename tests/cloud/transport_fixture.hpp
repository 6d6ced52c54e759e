// A transport and a scripted server on one loop.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "cloud/https_transport.hpp"
#include "support/catch.hpp"
#include "support/certificates.hpp"
#include "support/run.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::cloud {

inline deadline in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

// For calls that end by themselves.
inline deadline far() {
    return in(test::deadline);
}

inline request post(std::string body = "{}") {
    return {.target = "/api/v1/memory/store",
            .headers = {{"Idempotency-Key", "key-1"}},
            .body = std::move(body)};
}

inline answer answered(const outcome& got) {
    if (const auto* failure = std::get_if<no_answer>(&got)) FAIL("no answer: " << failure->detail);
    return std::get<answer>(got);
}

inline no_answer unanswered(const outcome& got) {
    if (const auto* answer = std::get_if<cloud::answer>(&got))
        FAIL("an answer: " << answer->status << ' ' << answer->body);
    return std::get<no_answer>(got);
}

inline https_options plain_to(const test::scripted_server& server) {
    return {.connect = {.server = {.tls = false, .host = "127.0.0.1", .port = server.port()}}};
}

// A loop, and a private authority with its file.
struct place {
    asio::io_context loop;
    test::temp_dir dir;
    test::certificate_authority ca;

    place() { test::write_file(ca_file(), ca.certificate()); }

    std::string ca_file() const { return dir.file("ca.pem"); }

    test::server_options with_tls(int version = 0) const {
        return {.tls = ca.issue({.names = {"localhost"}, .addresses = {"127.0.0.1"}}),
                .tls_version = version};
    }

    https_options tls_to(const test::scripted_server& server) const {
        return {.connect = {.server = {.tls = true, .host = "127.0.0.1", .port = server.port()},
                            .ca_file = ca_file()}};
    }

    outcome call(transport& over, request what = post(), deadline until = far()) {
        return test::run_with_deadline(loop, over.exchange(std::move(what), until));
    }

    // Lets everything happen that can happen now, under a sanitizer too.
    void settle() {
        test::run_until(loop, [] { return false; }, std::chrono::milliseconds(100));
    }
};

// How long something took.
class stopwatch {
public:
    std::chrono::milliseconds elapsed() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - since_);
    }

private:
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

// "127.0.0.N" without a name server.
inline lookup_function finds(std::vector<endpoint> all) {
    return [all = std::move(all)](const std::string&, std::uint16_t) -> addresses { return all; };
}

inline endpoint at(const char* address, std::uint16_t port) {
    return {asio::ip::make_address(address), port};
}

}  // namespace memorypro::cloud
