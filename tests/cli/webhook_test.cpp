#include "cli/failure.hpp"
#include "cli/webhook_delivery.hpp"
#include "cli/webhook_inputs.hpp"
#include "cli/webhook_reasons.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "webhook/signature.hpp"
#include "webhook/standard.hpp"

namespace memorypro::cli {
namespace {

const timestamp now = test::at("2025-01-31T10:20:30Z");
const std::string body = R"({"event_type":"x"})";

struct delivery {
    delivery_headers headers;
    std::vector<std::string> secrets{"secret"};

    std::vector<field_error> reasons(std::string_view with = body) const {
        REQUIRE_FALSE(webhook::verify(headers.view(), with, secrets, now));
        return reasons_against(headers.view(), with, secrets, now);
    }
    std::string only_reason(std::string_view with = body) const {
        const auto all = reasons(with);
        REQUIRE(all.size() == 1);
        return all[0].field + ' ' + all[0].detail;
    }
};

delivery signed_by_us(bool standard, timestamp when = now, std::string secret = "secret") {
    delivery made;
    for (const auto& [name, value] : signature_headers_of(
             {.memorypro = !standard, .standard = standard, .id = "m", .when = when}, secret, body))
        made.headers.add(std::string(name) + ": " + value);
    return made;
}

TEST_CASE("what is signed here verifies in both schemes") {
    for (const bool standard : {false, true}) {
        const auto made = signed_by_us(standard);
        CHECK(webhook::verify(made.headers.view(), body, made.secrets, now) ==
              (standard ? webhook::scheme::standard : webhook::scheme::memorypro));
    }
}

TEST_CASE("a delivery without a signature is told so") {
    CHECK(delivery{}.only_reason() ==
          "X-MemoryPro-Signature is missing, and so is webhook-signature");
    delivery part;
    part.headers.add("webhook-id: m");
    CHECK(part.reasons().size() == 2);
}

TEST_CASE("a signature of another secret or body is told from a body that lost its line end") {
    for (const bool standard : {false, true}) {
        const auto made = signed_by_us(standard);
        const std::string header = standard ? "webhook-signature " : "X-MemoryPro-Signature ";
        CHECK(made.only_reason(body + '\n') ==
              header +
                  "is right for the body without its line end: this is not the body as it was "
                  "signed");
        CHECK(made.only_reason("{}") ==
              header + "is well formed, but not of this body (2 bytes) under this secret");
        auto other = made;
        other.secrets = {"a", "b"};
        CHECK(other.only_reason().ends_with("under one of these secrets"));
    }
}

TEST_CASE("an old delivery is told by its age, and its signature is not blamed") {
    using namespace std::chrono_literals;
    CHECK(signed_by_us(true, now - 301s).only_reason() ==
          "webhook-timestamp is 301 s old; 300 s are allowed");
    CHECK(signed_by_us(true, now + 1h).only_reason() ==
          "webhook-timestamp is 3600 s in the future; 300 s are allowed");
    CHECK(signed_by_us(true, now - 1h, "other").reasons().size() == 2);
}

TEST_CASE("what is no signature at all is told by what it must be") {
    delivery made;
    made.headers.add("x-memorypro-signature: sha256=12");
    CHECK(made.only_reason() == "X-MemoryPro-Signature must be sha256= and 64 hexadecimal digits");
    auto standard = signed_by_us(true);
    standard.headers.webhook_signature = "v2,abc";
    CHECK(standard.only_reason() == "webhook-signature must hold a signature that begins with v1,");
    standard.headers.webhook_timestamp = "yesterday";
    CHECK(standard.only_reason() == "webhook-timestamp must be a number of seconds since 1970");
}

TEST_CASE("the body's HMAC under a decoded whsec_ key is told from a wrong secret") {
    delivery made{.headers = {}, .secrets = {"whsec_YWJjZA=="}};
    made.headers.add("X-MemoryPro-Signature: " + webhook::sign("abcd", body));
    CHECK(made.only_reason().find("the key that whsec_ holds") != std::string::npos);
}

TEST_CASE("a whsec_ secret that holds no key is told before anything is signed with it") {
    CHECK_THROWS_AS(signed_by_us(true, now, "whsec_"), failure);
}

TEST_CASE("headers are found in a request's head, in any case and spacing") {
    delivery_headers headers;
    add_lines(headers,
              "POST /hook HTTP/1.1\r\nHost: a:1\r\nWEBHOOK-ID:m\r\nwebhook-timestamp :  5 \r\n"
              "X-Memorypro-Signature: sha256=00");
    CHECK(headers.webhook_id == "m");
    CHECK(headers.webhook_timestamp == "5");
    CHECK(headers.memorypro_signature == "sha256=00");
    CHECK_FALSE(headers.add("no header"));
}

TEST_CASE("the receiver is where the daemon listens, under the name of its certificate") {
    config::settings settings;
    CHECK(text_of(receiver_of(settings).url) == "http://127.0.0.1:8080/memorypro/webhook");
    settings.webhook_listen = "0.0.0.0:99";
    settings.webhook_url = "https://agents.example/hook/";
    CHECK(text_of(receiver_of(settings).url) == "http://127.0.0.1:99/hook");
    settings.webhook_tls_cert = "c.pem";
    const auto to = receiver_of(settings);
    CHECK(text_of(to.url) == "https://agents.example:99/hook");
    REQUIRE(to.connect_to);
    CHECK((to.connect_to->host == "127.0.0.1" && to.connect_to->port == 99));
    settings.webhook_listen = "127.0.0.1:0";
    CHECK_THROWS_AS(receiver_of(settings), failure);
}

}  // namespace
}  // namespace memorypro::cli
