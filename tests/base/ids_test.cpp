#include "base/ids.hpp"

#include <set>

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro {
namespace {

using namespace std::chrono_literals;

using test::noon;

TEST_CASE("an id is a UUID of version 7 that opens with its milliseconds") {
    id_generator ids;
    for (int i = 0; i < 1000; ++i) {
        const auto id = ids.next(noon + i * 1ms);
        CAPTURE(id);
        REQUIRE(id.size() == 36);
        for (std::size_t position = 0; position < id.size(); ++position) {
            const bool dash = position == 8 || position == 13 || position == 18 || position == 23;
            REQUIRE((dash ? id[position] == '-'
                          : std::string_view("0123456789abcdef").find(id[position]) !=
                                std::string_view::npos));
        }
        REQUIRE(id[14] == '7');
        REQUIRE(std::string_view("89ab").find(id[19]) != std::string_view::npos);
        const auto ms = std::stoll(id.substr(0, 8) + id.substr(9, 4), nullptr, 16);
        REQUIRE(ms == (noon + i * 1ms).time_since_epoch() / 1ms);
    }
}

TEST_CASE("what is written as a UUID is one, of any version") {
    for (const auto* given :
         {"01a22aab-6eaf-7f22-92b0-3d22a3dae253", "01A22AAB-6EAF-4F22-92B0-3D22A3DAE253"})
        CHECK(is_uuid(given));
    for (const auto* given :
         {"", "note", "01a22aab6eaf7f2292b03d22a3dae253", "01a22aab-6eaf-7f22-92b0-3d22a3dae25",
          "01a22aab-6eaf-7f22-92b0-3d22a3dae2533", "g1a22aab-6eaf-7f22-92b0-3d22a3dae253",
          "01a22aab-6eaf-7f22-92b003d22a3dae2530", "-1a22aab-6eaf-7f22-92b0-3d22a3dae253"})
        CHECK_FALSE(is_uuid(given));
}

TEST_CASE("ids rise while the clock stands still") {
    id_generator ids;
    std::string last = ids.next(noon);
    for (int i = 0; i < 100'000; ++i) {
        auto next = ids.next(noon);
        REQUIRE(last < next);
        last = std::move(next);
    }
    CHECK(last[14] == '7');
}

TEST_CASE("ids rise when the clock steps back, and when it comes forward again") {
    id_generator ids;
    std::string last = ids.next(noon);
    for (const auto step : {-1ms, -3'600'000ms, 0ms, -1ms, 1ms, 2ms, 1ms, 3'600'000ms, 5ms}) {
        auto next = ids.next(noon + step);
        CHECK(last < next);
        last = std::move(next);
    }
}

TEST_CASE("a hundred thousand ids of two generators differ") {
    id_generator one;
    id_generator other;
    std::set<std::string> seen;
    for (int i = 0; i < 50'000; ++i) {
        seen.insert(one.next(noon + i * 10us));
        seen.insert(other.next(noon + i * 10us));
    }
    CHECK(seen.size() == 100'000);
}

}  // namespace
}  // namespace memorypro
