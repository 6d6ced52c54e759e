#include "webhook/standard.hpp"

#include "base/signing_key.hpp"
#include "support/catch.hpp"
#include "webhook/verify.hpp"

namespace memorypro::webhook {
namespace {

// The example of the specification's libraries.
constexpr std::string_view spec_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view spec_id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view spec_time = "1614265330";
constexpr std::string_view spec_body = R"({"test": 2432232314})";
const timestamp spec_when{std::chrono::seconds(1614265330)};

TEST_CASE("a standard signature is that of the specification's example") {
    CHECK(sign_standard(*signing_key(spec_secret), spec_id, spec_time, spec_body) ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("what is signed with any kind of secret verifies under it, and under no other") {
    for (const std::string given : {"plain", "whsec", "whsec_YWJj", "whsec_YWI", "whsec_YWI="}) {
        INFO(given);
        const auto signature = sign_standard(*signing_key(given), spec_id, spec_time, spec_body);
        const signature_headers headers{.memorypro_signature = {},
                                        .webhook_id = spec_id,
                                        .webhook_timestamp = spec_time,
                                        .webhook_signature = signature};
        const std::vector<std::string> right{given};
        const std::vector<std::string> wrong{given + "x", "other"};
        CHECK(verify(headers, spec_body, right, spec_when) == scheme::standard);
        CHECK_FALSE(verify(headers, spec_body, wrong, spec_when));
    }
}

TEST_CASE("a whsec_ secret that holds no key signs nothing") {
    for (const std::string_view given : {"whsec_", "whsec_====", "whsec_not base64!", "whsec_YWJjZ",
                                         "whsec_YW=J", "whsec_ YWJj", "whsec_YWJj\n"}) {
        INFO(given);
        CHECK_FALSE(signing_key(given));
    }
}

}  // namespace
}  // namespace memorypro::webhook
