#include "webhook/signature.hpp"

#include "support/catch.hpp"

namespace memorypro::webhook {
namespace {

TEST_CASE("a signature is the HMAC-SHA256 of the body in lower-case hex") {
    CHECK(sign("test_secret", R"({"test": "data"})") ==
          "d7459b1abbcaacb815fba09fa22178f9728c2c341401ace578b4599509ef6659");
    // RFC 4231, test case 2.
    CHECK(sign("Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("each byte of secret and body counts, NUL too") {
    using namespace std::string_literals;
    CHECK(sign("s", "a") != sign("s", "b"));
    CHECK(sign("s", "a") != sign("t", "a"));
    CHECK(sign("s", "a\0b"s) != sign("s", "a\0c"s));
    CHECK(sign("", "").size() == 64);
}

}  // namespace
}  // namespace memorypro::webhook
