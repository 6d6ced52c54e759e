#include "webhook/receiver.hpp"

#include "base/json.hpp"
#include "base/sha256.hpp"
#include "webhook/fixture.hpp"

namespace memorypro::webhook {
namespace {

const std::string no_updates = R"({"event_type":"evolution_updates","data":{"updates":[]}})";

TEST_CASE("a signed delivery is kept as it came and answered") {
    receiving r;
    sender s(r);
    const auto answer = s.ask(signed_post(no_updates));
    CHECK(answer.result_int() == 200);
    CHECK(answer.body() == R"({"status":"received"})");
    CHECK(test::header(answer, "Content-Type") == "application/json");
    REQUIRE(r.inbox.waiting.size() == 1);
    CHECK(r.inbox.waiting[0].body == no_updates);
    CHECK(r.inbox.waiting[0].id == sha256_hex(no_updates));
    CHECK(r.inbox.waiting[0].received_at == r.wall.now());
    CHECK(r.receiver.counts().accepted == 1);
    CHECK(r.receiver.counts().last_delivery == r.wall.now());
}

TEST_CASE("a delivery that is kept is processed") {
    receiving r;
    const auto running = test::start(r.loop, r.processor.run());
    sender s(r);
    CHECK(s.ask(signed_post(no_updates)).result_int() == 200);
    CHECK(test::run_until(r.loop, [&r] { return r.inbox.recorded_items.size() == 1; }));
    r.processor.stop();
    CHECK(test::run_until(r.loop, [&running] { return running->done(); }));
}

TEST_CASE("a repeat is answered as such and kept once") {
    receiving r;
    sender s(r);
    s.ask(signed_post(no_updates));
    const auto again = s.ask(signed_post(no_updates));
    CHECK(again.result_int() == 200);
    CHECK(again.body() == R"({"status":"received","duplicate":true})");
    CHECK(r.inbox.waiting.size() == 1);
    CHECK(r.receiver.counts().accepted == 1);
    CHECK(r.receiver.counts().duplicates == 1);
    CHECK(r.receiver.counts().rejected == 0);
}

TEST_CASE("whoever does not know the secret is told so, and leaves no trace but a count") {
    receiving r;
    for (const auto& headers :
         {std::string(), signature(no_updates, "other"), signature(no_updates + " "),
          std::string("X-MemoryPro-Signature: \r\n"), std::string("webhook-id: 1\r\n")}) {
        const auto answer = sender(r).ask(post(no_updates, headers));
        CHECK(answer.result_int() == 401);
        CHECK(test::header(answer, "Content-Type") == "application/problem+json");
        const auto problem = parse_object(answer.body()).value();
        CHECK(problem.at("detail") == "Invalid signature");
        CHECK(problem.at("code") == "invalid_signature");
        CHECK(problem.at("status") == 401);
    }
    CHECK(r.inbox.waiting.empty());
    CHECK(r.receiver.counts().rejected == 5);
    CHECK_FALSE(r.receiver.counts().last_delivery);
}

TEST_CASE("the signature is looked at before the body is") {
    receiving r;
    CHECK(sender(r).ask(post("not JSON", "")).result_int() == 401);
    for (const char* odd : {"not JSON", "", "[1]", "\"text\"", "{\"a\":1} x", "{\"a\":\"\xff\"}"}) {
        INFO(odd);
        CHECK(sender(r).ask(signed_post(odd)).result_int() == 400);
    }
    CHECK(r.inbox.waiting.empty());
    CHECK(r.receiver.counts().rejected == 7);
}

TEST_CASE("a delivery may have any Content-Type") {
    receiving r;
    sender s(r);
    const auto typed = post(no_updates, "Content-Type: text/plain\r\n" + signature(no_updates));
    CHECK(s.ask(typed).result_int() == 200);
}

TEST_CASE("a Standard Webhooks delivery is known by its id") {
    receiving r;
    sender s(r);
    r.wall.set(timestamp(std::chrono::seconds(1614265330)));
    r.settings.webhook_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const std::string text = R"({"test": 2432232314})";
    const std::string headers =
        "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\r\nwebhook-timestamp: 1614265330\r\n"
        "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n";
    CHECK(s.ask(post(text, headers)).result_int() == 200);
    REQUIRE(r.inbox.waiting.size() == 1);
    CHECK(r.inbox.waiting[0].id == "msg_p5jXN8AQM9LWM0D4loKWxJek");
}

TEST_CASE("an id that no right signature covers is not the delivery's") {
    receiving r;
    sender s(r);
    CHECK(s.ask(post(no_updates, "webhook-id: chosen\r\n" + signature(no_updates))).result_int() ==
          200);
    CHECK(r.inbox.waiting.at(0).id == sha256_hex(no_updates));
}

TEST_CASE("a reload rotates the secret, and the former one is taken for as long as it is there") {
    receiving r;
    r.settings.webhook_secret = "new_secret";
    CHECK(sender(r).ask(signed_post(no_updates)).result_int() == 401);
    r.settings.webhook_secret_previous = secret;
    CHECK(sender(r).ask(signed_post(no_updates)).result_int() == 200);
    CHECK(sender(r).ask(post("{}", signature("{}", "new_secret"))).result_int() == 200);
}

TEST_CASE("without a secret nothing is taken, whoever knew the former one") {
    receiving r;
    r.settings.webhook_secret.clear();
    CHECK_FALSE(r.receiver.enabled());
    CHECK(sender(r).ask(post("{}", signature("{}", ""))).result_int() == 401);
    r.settings.webhook_secret_previous = secret;
    CHECK_FALSE(r.receiver.enabled());
    CHECK(sender(r).ask(signed_post(no_updates)).result_int() == 401);
    CHECK(r.inbox.waiting.empty());
}

TEST_CASE("the path is that of the URL, with and without a slash at its end") {
    receiving r;
    sender s(r);
    CHECK(s.ask(signed_post("{\"n\":1}")).result_int() == 200);
    CHECK(s.ask(signed_post("{\"n\":2}", "/memorypro/webhook/")).result_int() == 200);
    CHECK(s.ask(signed_post("{\"n\":3}", "/memorypro/webhook?x=1")).result_int() == 200);
    CHECK(sender(r).ask(signed_post("{}", "/other")).result_int() == 404);
    CHECK(sender(r).ask("GET /memorypro/webhook HTTP/1.1\r\nHost: x\r\n\r\n").result_int() == 405);

    r.settings.webhook_url = "https://agents.example/hooks/mine/";
    r.receiver.reloaded();
    CHECK(s.ask(signed_post("{\"n\":4}", "/hooks/mine")).result_int() == 200);
    CHECK(s.ask(signed_post("{\"n\":5}", "/hooks/mine/")).result_int() == 200);
    CHECK(s.ask(signed_post("{}")).result_int() == 404);
}

TEST_CASE("a URL without a path means the root") {
    CHECK(path_of("") == "/memorypro/webhook");
    CHECK(path_of("https://h.example") == "/");
    CHECK(path_of("https://h.example/") == "/");
    CHECK(path_of("https://h.example/a/b?c=d") == "/a/b");
    CHECK(path_of("https://h.example/a//") == "/a");
    receiving r;
    sender s(r);
    r.settings.webhook_url = "https://h.example";
    r.receiver.reloaded();
    CHECK(s.ask(signed_post(no_updates, "/")).result_int() == 200);
}

TEST_CASE("what cannot be kept is not answered as received") {
    receiving r;
    r.inbox.accept_fails_with = error{errc::full, "the disk is full"};
    CHECK(sender(r).ask(signed_post(no_updates)).result_int() == 507);
    r.inbox.accept_fails_with = error{errc::overloaded, "busy"};
    const auto busy = sender(r).ask(signed_post(no_updates));
    CHECK(busy.result_int() == 503);
    CHECK_FALSE(test::header(busy, "Retry-After").empty());
    CHECK(r.receiver.counts().accepted == 0);
    CHECK(r.receiver.counts().rejected == 0);
    CHECK(r.metrics.text().find(R"(memorypro_webhooks_total{outcome="failed"} 2)") !=
          std::string::npos);
}

TEST_CASE("every delivery is counted by its outcome") {
    receiving r;
    sender s(r);
    s.ask(signed_post(no_updates));
    s.ask(signed_post(no_updates));
    s.ask(post(no_updates, ""));
    const auto text = r.metrics.text();
    for (const char* line : {R"(memorypro_webhooks_total{outcome="accepted"} 1)",
                             R"(memorypro_webhooks_total{outcome="duplicate"} 1)",
                             R"(memorypro_webhooks_total{outcome="rejected"} 1)",
                             R"(memorypro_webhooks_total{outcome="failed"} 0)"})
        CHECK(text.find(line) != std::string::npos);
}

TEST_CASE("a body over a mebibyte is refused, one of a mebibyte is taken") {
    receiving r;
    sender s(r);
    const std::string filler(receiver_limits().body_bytes - 8, 'x');
    CHECK(s.ask(signed_post("{\"a\":\"" + filler + "\"}")).result_int() == 200);
    sender other(r);
    CHECK(other.ask(signed_post("{\"a\":\"" + filler + "x\"}")).result_int() == 413);
    CHECK(r.inbox.waiting.size() == 1);
}

TEST_CASE("a slow sender and an idle one are cut off") {
    auto limits = receiver_limits();
    limits.request = limits.idle = std::chrono::milliseconds(20);
    receiving r(limits);
    sender slow(r);
    const auto whole = signed_post(no_updates);
    slow.send(whole.substr(0, whole.size() - 1));
    CHECK(slow.closed());
    sender idle(r);
    CHECK(idle.closed());
    CHECK(r.inbox.waiting.empty());
}

TEST_CASE("whoever was refused has to connect again, and takes nobody's place") {
    auto limits = receiver_limits();
    limits.connections = 2;
    limits.yields_after.reset();
    receiving r(limits);
    std::vector<std::unique_ptr<sender>> strangers;
    for (const auto& refused :
         {post(no_updates, ""), signed_post("not JSON"), signed_post(no_updates, "/other"),
          std::string("GET /memorypro/webhook HTTP/1.1\r\nHost: x\r\n\r\n")}) {
        strangers.push_back(std::make_unique<sender>(r));
        const auto answer = strangers.back()->ask(refused);
        CHECK(answer.result_int() >= 400);
        CHECK(test::header(answer, "Connection") == "close");
        CHECK(strangers.back()->closed());
    }
    sender good(r);
    CHECK(good.ask(signed_post(no_updates)).result_int() == 200);
    CHECK(good.ask(signed_post(no_updates)).result_int() == 200);  // and may stay
}

TEST_CASE("where every place is taken an idle connection makes room, first one without an answer") {
    auto limits = receiver_limits();
    limits.connections = 3;
    limits.yields_after = std::chrono::milliseconds(0);
    receiving r(limits);
    sender good(r);
    CHECK(good.ask(signed_post(no_updates)).result_int() == 200);
    sender silent(r);
    REQUIRE(test::run_until(r.loop, [&r] { return r.server.connections() == 2; }));
    sender slow(r);
    const auto whole = signed_post("{\"slow\":1}");
    slow.send(whole.substr(0, whole.size() - 1));
    REQUIRE(test::run_until(r.loop, [&r] { return r.server.connections() == 3; }));
    sender other(r);
    CHECK(other.ask(signed_post("{\"n\":1}")).result_int() == 200);
    CHECK(silent.closed());
    sender third(r);
    CHECK(third.ask(signed_post("{\"n\":2}")).result_int() == 200);
    CHECK(good.closed());
    slow.send(whole.substr(whole.size() - 1));
    CHECK(slow.receive().result_int() == 200);
}

TEST_CASE("where strangers let us wait in every place the one that does so longest makes room") {
    auto limits = receiver_limits();
    limits.connections = 2;
    limits.yields_after = std::chrono::milliseconds(0);
    receiving r(limits);
    std::vector<std::unique_ptr<sender>> slow;
    for (std::size_t i = 1; i <= 2; ++i) {
        slow.push_back(std::make_unique<sender>(r));
        slow.back()->send("POST /memorypro/webhook HTTP/1.1\r\nContent-Length: 9\r\n\r\nx");
        REQUIRE(test::run_until(r.loop, [&r, i] { return r.server.connections() == i; }));
    }
    sender good(r);
    CHECK(good.ask(signed_post(no_updates)).result_int() == 200);
    CHECK(slow.front()->closed());
}

TEST_CASE("a sender whose delivery is being kept does not have to make room") {
    auto limits = receiver_limits();
    limits.connections = 1;
    limits.yields_after = std::chrono::milliseconds(0);
    receiving r(limits);
    r.inbox.hold_accepts = true;
    sender good(r);
    good.send(signed_post(no_updates));
    REQUIRE(test::run_until(r.loop, [&r] { return r.inbox.held() == 1; }));
    CHECK(sender(r).receive().result_int() == 503);
    r.inbox.release_accepts();
    CHECK(good.receive().result_int() == 200);
}

TEST_CASE("deliveries beyond what may wait for the disk are told to come again") {
    receiving r;
    r.inbox.hold_accepts = true;
    std::vector<std::unique_ptr<sender>> senders;
    for (int i = 0; i < 257; ++i) {
        senders.push_back(std::make_unique<sender>(r));
        senders.back()->send(signed_post("{\"n\":" + std::to_string(i) + "}"));
        REQUIRE(test::run_until(r.loop, [&] { return r.inbox.held() == std::min(i + 1, 256); }));
    }
    const auto refused = senders.back()->receive();
    CHECK(refused.result_int() == 503);
    CHECK_FALSE(test::header(refused, "Retry-After").empty());
    r.inbox.release_accepts();
    CHECK(senders.front()->receive().result_int() == 200);
    CHECK(sender(r).ask(signed_post("{\"n\":256}")).result_int() == 200);
}

}  // namespace
}  // namespace memorypro::webhook
