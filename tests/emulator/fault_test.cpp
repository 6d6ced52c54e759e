#include "emulator/fault.hpp"

#include "support/catch.hpp"

namespace memorypro::emulator {
namespace {

using namespace std::chrono_literals;
using kind = fault::kind;

fault parsed(std::string_view text) {
    const auto made = parse_fault(text);
    REQUIRE(made);
    return *made;
}

std::string refused(std::string_view text) {
    const auto made = parse_fault(text);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::invalid_field);
    return made.error().detail;
}

TEST_CASE("every fault is made by its name alone, and says it") {
    for (int k = 0; k <= static_cast<int>(kind::oversized); ++k) {
        const auto what = static_cast<kind>(k);
        const auto made = parsed(to_string(what));
        CHECK(made.what == what);
        CHECK_FALSE(made.count);
        CHECK(fault_names().find(to_string(what)) != std::string::npos);
    }
}

TEST_CASE("what is not said has a default that shows") {
    CHECK(parsed("slow").delay == 1s);
    CHECK(parsed("drip").delay == 10ms);
    CHECK(parsed("rate_limit").retry_after == 1s);
    CHECK(parsed("error").status == 503);
}

TEST_CASE("settings follow the name") {
    CHECK(parsed("rate_limit:count=3,retry_after=2") ==
          fault{.what = kind::rate_limit, .count = 3, .retry_after = 2s});
    CHECK(parsed("slow:delay_ms=0,path=memory/recall") ==
          fault{.what = kind::slow, .path = "memory/recall"});
    CHECK(parsed("error:status=500") == fault{.what = kind::error, .status = 500});
    CHECK(parsed("hang:") == fault{.what = kind::hang});
}

TEST_CASE("a comma belongs to the value unless another setting follows it") {
    const auto made =
        parsed("reject:matching=poison, red=bad, count,detail=no, thanks=not,count=2");
    CHECK(made.matching == "poison, red=bad, count");
    CHECK(made.detail == "no, thanks=not");
    CHECK(made.count == 2u);
}

TEST_CASE("what is not a fault is refused with what would be one") {
    CHECK(refused("").find("rate_limit") != std::string::npos);
    CHECK(refused("explode").find("\"explode\"") != std::string::npos);
    CHECK(refused("slow:fast").find("key=value") != std::string::npos);
    for (const char* text :
         {"down:count=0", "down:count=-1", "down:count=", "down:count=1x", "down:count=4294967296",
          "slow:delay_ms=3600001", "error:status=499", "error:status=600",
          "rate_limit:retry_after=x", "hang:path=", "hang:path=/api/v1/memory/store"})
        CHECK_FALSE(refused(text).empty());
}

TEST_CASE("a setting that another fault has is refused, not dropped") {
    for (const char* text : {"down:delay_ms=1", "slow:retry_after=1", "down:status=500",
                             "hang:detail=x", "down:colour=red"})
        CHECK(refused(text).find("is not a setting of") != std::string::npos);
}

TEST_CASE("the object of a fault makes the same fault") {
    for (const char* text :
         {"down", "hang:count=1000000000", "slow:delay_ms=5,path=memory/sync",
          "reject:matching=a, b,detail=\"words\"", "rate_limit:retry_after=9,count=1",
          "error:status=500", "drip:delay_ms=0"}) {
        const auto made = parsed(text);
        const auto again = parse_fault(to_object(made));
        REQUIRE(again);
        CHECK(*again == made);
    }
}

TEST_CASE("an object that is no fault is refused") {
    for (const char* text :
         {R"({})", R"({"fault":1})", R"({"fault":"explode"})", R"({"fault":"down","count":"many"})",
          R"({"fault":"down","count":1.5})", R"({"fault":"down","retry_after":1})",
          R"({"fault":"down","x":1})"})
        CHECK_FALSE(parse_fault(*parse_object(text)));
    CHECK(parse_fault(*parse_object(R"({"fault":"down","count":null})")));
}

}  // namespace
}  // namespace memorypro::emulator
