#include "memory/route.hpp"

#include "support/catch.hpp"

namespace memorypro::memory {
namespace {

using cloud::verdict;
using time_point = cloud::circuit::time_point;

TEST_CASE("what is kept goes on to the cloud as its mode says, or stays") {
    CHECK_FALSE(outbound_of(config::mode::local));
    CHECK(outbound_of(config::mode::cloud_first)->call == store::cloud_call::store);
    CHECK(outbound_of(config::mode::hybrid)->call == store::cloud_call::sync);
}

TEST_CASE("nobody waits for a cloud that is away where there is another way") {
    using circuit = cloud::circuit::state;
    for (const auto state : {circuit::closed, circuit::open, circuit::half_open}) {
        CHECK(worth_waiting({.circuit = state}, true) == (state == circuit::closed));
        CHECK(worth_waiting({.circuit = state}, false));
    }
    CHECK_FALSE(worth_waiting({.state = cloud::state::auth_failed}, true));
    CHECK(worth_waiting({.state = cloud::state::auth_failed}, false));
}

TEST_CASE("what was held back reads as the failure that holds it back") {
    const auto away = held_back({.state = cloud::state::offline, .last_error = "503: busy"});
    CHECK(away.what == verdict::retry);
    CHECK(away.detail == "503: busy");
    CHECK_FALSE(away.attempted);
    CHECK_FALSE(away.unknown_outcome);
    CHECK(held_back({.state = cloud::state::auth_failed}).what == verdict::paused);
}

TEST_CASE("each verdict has its remedy") {
    struct {
        verdict what;
        bool fallback;
        remedy of_store;
        remedy of_recall;
    } const table[] = {
        {verdict::retry, true, remedy::fall_back, remedy::fall_back},
        {verdict::paused, true, remedy::fall_back, remedy::fall_back},
        {verdict::refused, true, remedy::refuse, remedy::fall_back},
        {verdict::retry, false, remedy::give_up, remedy::give_up},
        {verdict::paused, false, remedy::give_up, remedy::give_up},
        {verdict::refused, false, remedy::refuse, remedy::refuse},
    };
    for (const auto& [what, fallback, of_store, of_recall] : table) {
        CAPTURE(static_cast<int>(what), fallback);
        CHECK(remedy_of_store(what, fallback) == of_store);
        CHECK(remedy_of_recall(what, fallback) == of_recall);
    }
}

TEST_CASE("a refusal passes on the cloud's words") {
    const auto refused = refused_by_cloud({verdict::refused, "422: content is too odd"});
    CHECK(refused.code == errc::refused);
    CHECK(refused.detail == "the cloud refused it: 422: content is too odd");
}

TEST_CASE("a caller who must come again is told when") {
    const time_point now{std::chrono::hours(1)};
    const auto wait = [now](cloud::judgement why, std::optional<time_point> callable_at) {
        const auto away = cloud_is_away(why, callable_at, now);
        CHECK(away.code == errc::unavailable);
        return away.retry_after.value().count();
    };
    using std::chrono::milliseconds;
    using std::chrono::seconds;
    CHECK(wait({}, {}) == 1);
    CHECK(wait({}, now + milliseconds(2001)) == 3);
    CHECK(wait({}, now - seconds(5)) == 1);
    CHECK(wait({}, time_point{}) == 1);
    CHECK(wait({.retry_after = seconds(7)}, now + seconds(3)) == 7);
    CHECK(wait({.retry_after = seconds(0)}, {}) == 1);
}

TEST_CASE("a caller is told when the cloud may have done it") {
    const auto detail = [](bool unknown) {
        return cloud_is_away({.detail = "no answer in time", .unknown_outcome = unknown}, {}, {})
            .detail;
    };
    CHECK(detail(false) ==
          "the cloud is away and MEMORYPRO_LOCAL_FALLBACK is off: no answer in time");
    CHECK(detail(true) == detail(false) + "; it may have done what it was asked");
}

}  // namespace
}  // namespace memorypro::memory
