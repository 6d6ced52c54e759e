#include "base/base64.hpp"

#include "support/catch.hpp"

namespace memorypro {
namespace {

// RFC 4648, section 10.
TEST_CASE("base64 is decoded, padded or not") {
    CHECK(from_base64("") == "");
    CHECK(from_base64("Zg==") == "f");
    CHECK(from_base64("Zg") == "f");
    CHECK(from_base64("Zm8=") == "fo");
    CHECK(from_base64("Zm9v") == "foo");
    CHECK(from_base64("Zm9vYmFy") == "foobar");
}

TEST_CASE("what is not base64 is nothing") {
    for (const char* odd : {"Z", "Zm9vY", "Zm9v!", "Zm 9v", "Zm9v\n", "Z=9v", "_-8="}) {
        INFO(odd);
        CHECK_FALSE(from_base64(odd));
    }
    CHECK(from_base64(std::string(4096, 'A')));
    CHECK_FALSE(from_base64(std::string(4100, 'A')));
}

}  // namespace
}  // namespace memorypro
