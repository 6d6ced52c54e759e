#include "webhook/verify.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "webhook/signature.hpp"

namespace memorypro::webhook {
namespace {

const std::string body = R"({"test": "data"})";
const std::string secret = "test_secret";
const std::string hex = "d7459b1abbcaacb815fba09fa22178f9728c2c341401ace578b4599509ef6659";
const timestamp now = test::at("2025-01-08T12:00:00Z");

bool verifies(const signature_headers& headers, std::string_view text = body,
              std::vector<std::string> secrets = {secret}, timestamp when = now) {
    return verify(headers, text, secrets, when).has_value();
}

TEST_CASE("a signature of the body in hex is right with and without its prefix, in either case") {
    std::string upper = hex;
    for (char& c : upper)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    CHECK(verifies({.memorypro_signature = hex}));
    CHECK(verifies({.memorypro_signature = "sha256=" + hex}));
    CHECK(verifies({.memorypro_signature = upper}));
}

TEST_CASE("a signature of another body, of another secret or of another length is wrong") {
    CHECK_FALSE(verifies({.memorypro_signature = hex}, R"({"test": "datA"})"));
    CHECK_FALSE(verifies({.memorypro_signature = hex}, body, {"test_secreT"}));
    CHECK_FALSE(verifies({.memorypro_signature = std::string_view(hex).substr(1)}));
    CHECK_FALSE(verifies({.memorypro_signature = hex + "0"}));
    CHECK_FALSE(verifies({.memorypro_signature = "sha256="}));
    CHECK_FALSE(verifies({.memorypro_signature = "sha1=" + hex}));
    CHECK_FALSE(verifies({.memorypro_signature = "x" + hex.substr(1)}));
    CHECK_FALSE(verifies({}));
}

TEST_CASE("while a secret is rotated either verifies, and an empty one never does") {
    CHECK(verifies({.memorypro_signature = hex}, body, {"new_secret", secret}));
    const std::string of_empty = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
    CHECK_FALSE(verifies({.memorypro_signature = of_empty}, "", {""}));
}

// The example of the specification's libraries: id, time, body and key are theirs.
struct standard_example {
    std::string key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    std::string id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    std::string time = "1614265330";
    std::string body = R"({"test": 2432232314})";
    std::string signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    timestamp when = timestamp(std::chrono::seconds(1614265330));

    bool verifies(std::string_view with, timestamp at) const {
        const std::vector<std::string> secrets{key};
        return verify({.webhook_id = id, .webhook_timestamp = time, .webhook_signature = with},
                      body, secrets, at)
            .has_value();
    }
};

TEST_CASE("a Standard Webhooks signature is right under the key that whsec_ holds") {
    const standard_example e;
    CHECK(e.verifies(e.signature, e.when));
    CHECK(e.verifies("v1,AAAA v2,x " + e.signature, e.when));
    CHECK_FALSE(e.verifies("v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", e.when));
    CHECK_FALSE(e.verifies("v2," + e.signature.substr(3), e.when));
    CHECK_FALSE(e.verifies("v1,", e.when));
    CHECK_FALSE(e.verifies("v1,not base64!", e.when));
}

TEST_CASE("a secret that encodes no key is not the key that everybody knows") {
    const auto verifies = [](std::string_view with, std::string of) {
        const std::vector<std::string> secrets{std::move(of)};
        const auto when = timestamp(std::chrono::seconds(1614265330));
        return verify({.webhook_id = "id",
                       .webhook_timestamp = "1614265330",
                       .webhook_signature = with},
                      "{}", secrets, when)
            .has_value();
    };
    const std::string by_the_empty_key = "v1,jUX18gbMHOO1vqtiQSvfJ9qOwMVrD8cvO9FpuApZG9U=";
    CHECK_FALSE(verifies(by_the_empty_key, "whsec_"));
    CHECK_FALSE(verifies(by_the_empty_key, "whsec_===="));
    CHECK(verifies("v1,RbdMTnY5EzQ8ZIT73mqTcrewGe7TZgcFICZc0etWmI0=", "whsec_"));
}

TEST_CASE("a Standard Webhooks delivery counts within five minutes of its time, either way") {
    using namespace std::chrono_literals;
    const standard_example e;
    CHECK(e.verifies(e.signature, e.when + 300s));
    CHECK(e.verifies(e.signature, e.when - 300s));
    CHECK_FALSE(e.verifies(e.signature, e.when + 301s));
    CHECK_FALSE(e.verifies(e.signature, e.when - 301s));
    auto odd = e;
    for (const char* time :
         {"", "soon", "1614265330.5", "99999999999999999999", "-9223372036854775808"}) {
        odd.time = time;
        CHECK_FALSE(odd.verifies(e.signature, e.when));
    }
}

TEST_CASE("which scheme was right is told, the standard one where both are") {
    const standard_example e;
    signature_headers headers{
        .webhook_id = e.id, .webhook_timestamp = e.time, .webhook_signature = e.signature};
    const std::vector<std::string> secrets{"other", e.key};
    CHECK(verify(headers, e.body, secrets, e.when) == scheme::standard);
    const auto ours = sign("other", e.body);
    headers.memorypro_signature = ours;
    CHECK(verify(headers, e.body, secrets, e.when) == scheme::standard);
    headers.webhook_signature = "v1,AAAA";
    CHECK(verify(headers, e.body, secrets, e.when) == scheme::memorypro);
    headers.memorypro_signature = {};
    CHECK(verify(headers, e.body, secrets, e.when) == std::nullopt);
}

TEST_CASE("a Standard Webhooks delivery needs its id") {
    auto e = standard_example();
    e.id.clear();
    CHECK_FALSE(e.verifies(e.signature, e.when));
}

}  // namespace
}  // namespace memorypro::webhook
