#include "recall/score.hpp"

#include <cmath>

#include "support/catch.hpp"

namespace memorypro::recall {
namespace {

using namespace std::chrono_literals;
using days = std::chrono::days;

bool nearly(double a, double b) {
    return std::abs(a - b) < 1e-6;
}

signals of(double text, double recency, double responsibility) {
    return {.text = text, .recency = recency, .responsibility = responsibility};
}

const double steps[] = {0, 0.001, 0.25, 1.0 / 3, 0.5, 0.75, 0.999, 1};
const weights all_weights[] = {{true, true}, {true, false}, {false, true}, {false, false}};

TEST_CASE("recency is 1 now, halves every 30 days and stays positive") {
    CHECK(recency(0us) == 1);
    CHECK(nearly(recency(days(30)), 0.5));
    CHECK(nearly(recency(days(60)), 0.25));
    CHECK(nearly(recency(days(15)), 0.70710678));
    CHECK(recency(days(365 * 20)) >= 0);
    CHECK(recency(days(365 * 9999)) >= 0);
    CHECK(recency(days(-400)) == 1);
}

TEST_CASE("a memory that is older is never fresher") {
    double last = 1;
    for (int day = 0; day < 1000; ++day) {
        const double next = recency(days(day));
        REQUIRE(next <= last);
        last = next;
    }
    CHECK(last < 0.001);
}

TEST_CASE("relevance is 0 to 1, with every weight and signal") {
    for (const auto& w : all_weights) {
        for (double text : steps)
            for (double fresh : steps)
                for (double important : steps) {
                    const double score = relevance(of(text, fresh, important), w);
                    REQUIRE(score >= 0);
                    REQUIRE(score <= 1);
                }
        CHECK(nearly(relevance(of(1, 1, 1), w), 1));
        CHECK(relevance(of(0, 1, 1), w) == 0);
    }
}

TEST_CASE("a stronger signal never lowers a score, and a weighted one raises it") {
    for (const auto& w : all_weights)
        for (std::size_t i = 1; i < std::size(steps); ++i)
            for (double other : steps) {
                const double less = steps[i - 1];
                const double more = steps[i];
                CHECK(relevance(of(more, other, other), w) > relevance(of(less, other, other), w));
                const double fresher = relevance(of(0.5, more, other), w);
                const double staler = relevance(of(0.5, less, other), w);
                CHECK((w.recent ? fresher > staler : fresher == staler));
                const double graver = relevance(of(0.5, other, more), w);
                const double lighter = relevance(of(0.5, other, less), w);
                CHECK((w.responsibilities ? graver > lighter : graver == lighter));
            }
}

TEST_CASE("without weights the score is the text's alone") {
    for (double text : steps)
        CHECK(relevance(of(text, 0.3, 0.7), {false, false}) == text);
}

TEST_CASE("freshness and importance together do not bury a better text") {
    const double old_evidence = relevance(of(0.5, 0, 0), {});
    const double fresh_noise = relevance(of(0.4, 1, 1), {});
    CHECK(old_evidence > fresh_noise);
}

}  // namespace
}  // namespace memorypro::recall
