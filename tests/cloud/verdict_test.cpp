#include "cloud/verdict.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::cloud {
namespace {

using namespace std::chrono_literals;
using reason = no_answer::reason;

using test::noon;

judgement of(unsigned status) {
    return judge(answer{status}, noon);
}

verdict table(unsigned status) {
    if (status / 100 == 2) return verdict::done;
    switch (status) {
        case 401:
        case 403:
            return verdict::paused;
        case 408:
        case 425:
        case 429:
            return verdict::retry;
        default:
            return status / 100 == 4 ? verdict::refused : verdict::retry;
    }
}

TEST_CASE("every status has the verdict of the design's table") {
    for (unsigned status = 200; status <= 599; ++status) {
        CAPTURE(status);
        CHECK(of(status).what == table(status));
        CHECK(of(status).attempted);
    }
}

TEST_CASE("the outcome is unknown after 5xx and 408, and known after every other status") {
    for (unsigned status = 200; status <= 599; ++status) {
        CAPTURE(status);
        CHECK(of(status).unknown_outcome == (status >= 500 || status == 408));
    }
}

TEST_CASE("a status that HTTP does not have may be anything: retry") {
    for (const unsigned status : {0U, 100U, 101U, 199U, 600U, 999U}) {
        CAPTURE(status);
        CHECK(of(status).what == verdict::retry);
        CHECK(of(status).unknown_outcome);
    }
}

TEST_CASE("what is not done is told by its status and the cloud's words") {
    CHECK(judge(answer{503, R"({"detail":"maintenance"})"}, noon).detail == "503: maintenance");
    CHECK(judge(answer{422, "too long\n"}, noon).detail == "422: too long");
    CHECK(judge(answer{401}, noon).detail == "401");
    CHECK(judge(answer{200, R"({"detail":"of no interest"})"}, noon).detail.empty());
}

TEST_CASE("Retry-After is taken from whatever is not done") {
    for (const unsigned status : {302U, 403U, 413U, 429U, 503U}) {
        CAPTURE(status);
        CHECK(judge(answer{status, "", "17"}, noon).retry_after == std::optional(17s));
        CHECK(judge(answer{status, "", "Wed, 08 Jan 2025 12:00:10 GMT"}, noon).retry_after ==
              std::optional(10s));
        CHECK(judge(answer{status, "", "later"}, noon).retry_after == std::nullopt);
        CHECK(judge(answer{status}, noon).retry_after == std::nullopt);
    }
    CHECK(judge(answer{200, "", "17"}, noon).retry_after == std::nullopt);
}

TEST_CASE("no answer is retry, and unknown where the request was sent") {
    for (const auto why : {reason::not_connected, reason::tls, reason::deadline, reason::busy,
                           reason::broken, reason::malformed, reason::too_large, reason::stopped}) {
        for (const bool sent : {false, true}) {
            CAPTURE(static_cast<int>(why), sent);
            const auto made = judge(no_answer{why, "", sent}, noon);
            CHECK(made.what == verdict::retry);
            CHECK(made.unknown_outcome == sent);
            CHECK(made.attempted == (sent || (why != reason::stopped && why != reason::busy)));
            CHECK(made.retry_after == std::nullopt);
            CHECK_FALSE(made.detail.empty());
        }
    }
}

TEST_CASE("no answer is told by the transport's words, on one line, else by the reason") {
    CHECK(judge(no_answer{reason::tls, "certificate\nhas expired"}, noon).detail ==
          "certificate has expired");
    CHECK(judge(no_answer{reason::deadline}, noon).detail == "no answer in time");
}

TEST_CASE("every reason for no answer has words of its own") {
    std::vector<std::string> all;
    for (const auto why : {reason::not_connected, reason::tls, reason::deadline, reason::busy,
                           reason::broken, reason::malformed, reason::too_large, reason::stopped})
        all.push_back(judge(no_answer{why}, noon).detail);
    std::ranges::sort(all);
    CHECK(std::ranges::adjacent_find(all) == all.end());
}

TEST_CASE("a 2xx that is not as promised is retry with an unknown outcome") {
    const auto made = not_promised(answer{201, "<html>"});
    CHECK(made.what == verdict::retry);
    CHECK(made.unknown_outcome);
    CHECK(made.attempted);
    CHECK(made.detail.starts_with("201: "));
}

}  // namespace
}  // namespace memorypro::cloud
