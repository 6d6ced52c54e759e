#include "base/hmac.hpp"

#include "base/sha256.hpp"
#include "support/catch.hpp"

namespace memorypro {
namespace {

std::string hmac_hex(std::string_view key, std::initializer_list<std::string_view> parts) {
    return to_hex(hmac_sha256(key, parts));
}

// RFC 4231, 4.2, 4.3 and 4.7.
TEST_CASE("HMAC-SHA256 gives the codes of its specification") {
    CHECK(hmac_hex(std::string(20, '\x0b'), {"Hi There"}) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hmac_hex("Jefe", {"what do ya want for nothing?"}) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hmac_hex(std::string(131, '\xaa'),
                   {"Test Using Larger Than Block-Size Key - Hash Key First"}) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("the code of parts is the code of them joined") {
    CHECK(hmac_hex("Jefe", {"what do ya ", "", "want for", " nothing?"}) ==
          hmac_hex("Jefe", {"what do ya want for nothing?"}));
}

TEST_CASE("an empty key is a key of its own, whatever key was used before") {
    const auto empty = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
    CHECK(hmac_hex("", {""}) == empty);
    CHECK(hmac_hex("Jefe", {""}) != empty);
    CHECK(hmac_hex(std::string_view(), {std::string_view()}) == empty);
}

}  // namespace
}  // namespace memorypro
