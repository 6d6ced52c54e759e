#include "recall/rank.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::recall {
namespace {

using seqs = std::vector<std::int64_t>;

const auto asked_at = test::at("2024-05-15T10:00:00Z");
const preferences by_text{.weights = {false, false}, .now = asked_at, .limit = 100};

// Three terms: "tea" is common, "jasmine" is rare, "lena" is a name.
enum term : std::uint8_t { tea, jasmine, lena };

question asked() {
    return {.terms = {{"tea"}, {"jasmine"}, {"lena"}}, .periods = {}, .asks_when = false};
}

const statistics known{.memories = 100, .holding = {50, 2, 40}, .average_length = 10};

candidate memory(std::int64_t seq, std::vector<term> terms = {}) {
    candidate made{.seq = seq,
                   .time = test::at("2023-05-15T10:00:00Z"),
                   .answers = true,
                   .length = 10,
                   .traits = {},
                   .occurrences = {}};
    for (const auto one : terms)
        made.occurrences.push_back({.term = one, .count = 1});
    return made;
}

candidate by_lena(candidate m) {
    m.traits.label_terms |= 1U << lena;
    m.occurrences.push_back({.term = lena, .count = 1});
    return m;
}

candidate asking(candidate m) {
    m.traits.asks = true;
    return m;
}

passage session(std::vector<candidate> memories) {
    return {.in_session = true, .memories = std::move(memories)};
}

std::vector<ranked> ranking(const std::vector<passage>& passages, const question& q = asked(),
                            const preferences& wanted = by_text) {
    return rank(q, known, passages, wanted);
}

seqs order(const std::vector<passage>& passages, const question& q = asked()) {
    seqs found;
    for (const auto& one : ranking(passages, q))
        found.push_back(one.seq);
    return found;
}

double score_of(std::int64_t seq, const std::vector<passage>& passages,
                const question& q = asked()) {
    for (const auto& one : ranking(passages, q))
        if (one.seq == seq) return one.score;
    return 0;
}

TEST_CASE("a rare term tells more than a common one, both tell more than one") {
    CHECK(order({session({memory(1, {tea})}), session({memory(2, {tea, jasmine})}),
                 session({memory(3, {jasmine})})}) == seqs{2, 3, 1});
}

TEST_CASE("equal scores go newest first") {
    CHECK(order({session({memory(2, {tea})}), session({memory(9, {tea})}),
                 session({memory(4, {tea})})}) == seqs{9, 4, 2});
}

TEST_CASE("what says the same in fewer words, or more often, ranks higher") {
    auto longer = memory(1, {tea});
    longer.length = 50;
    auto twice = memory(2, {tea});
    twice.occurrences[0].count = 2;
    CHECK(order({session({longer}), session({memory(3, {tea})}), session({twice})}) ==
          seqs{2, 3, 1});
}

TEST_CASE("context reaches three memories either way, and less with each") {
    const auto found =
        ranking({session({memory(1), memory(2), memory(3), memory(4), memory(5, {jasmine}),
                          memory(6), memory(7), memory(8), memory(9)})});
    REQUIRE(found.size() == 7);
    CHECK(found[0].seq == 5);
    CHECK(found[0].signals.context == 0);
    CHECK(found[1].seq == 6);
    CHECK(found[2].seq == 4);
    CHECK(found[1].score == found[2].score);
    CHECK(found[3].seq == 7);
    CHECK(found[3].score < found[2].score);
    CHECK(found[5].seq == 8);
    CHECK(found[6].seq == 2);
    CHECK(found[6].signals.words == 0);
}

TEST_CASE("context completes a memory, but a memory that says it all itself is better") {
    CHECK(order({session({memory(1, {tea}), memory(2, {jasmine})}),
                 session({memory(3, {tea, jasmine})}), session({memory(4, {tea})})}) ==
          seqs{3, 2, 1, 4});
}

TEST_CASE("passages are no context of each other") {
    const double alone = score_of(1, {session({memory(1, {tea})})});
    CHECK(score_of(1, {session({memory(1, {tea})}), session({memory(2, {jasmine})})}) == alone);
    CHECK(score_of(1, {session({memory(1, {tea}), memory(2, {jasmine})})}) > alone);
}

TEST_CASE("without a session only what holds a term itself answers") {
    const std::vector<candidate> memories{memory(1, {tea}), memory(2), by_lena(memory(3))};
    CHECK(order({{.in_session = false, .memories = memories}}).size() == 2);
    CHECK(order({session(memories)}).size() == 3);
    auto labelled = memory(4);
    labelled.traits.label_terms = 1U << lena;
    CHECK(order({{.in_session = false, .memories = {labelled}}}) == seqs{4});
}

TEST_CASE("without a session the others only add terms that a memory does not hold") {
    const auto score = [](std::vector<candidate> memories) {
        return score_of(1, {{.in_session = false, .memories = std::move(memories)}});
    };
    const double alone = score({memory(1, {tea})});
    CHECK(score({memory(1, {tea}), memory(2, {tea})}) == alone);
    CHECK(score({memory(1, {tea}), memory(2, {jasmine})}) > alone);
    CHECK(score_of(1, {session({memory(1, {tea}), memory(2, {tea})})}) > alone);
}

TEST_CASE("what does not pass the filter lends context and answers nothing") {
    auto other = memory(2, {jasmine});
    other.answers = false;
    CHECK(order({session({memory(1, {tea}), other})}) == seqs{1});
    CHECK(score_of(1, {session({memory(1, {tea}), other})}) >
          score_of(1, {session({memory(1, {tea})})}));
}

TEST_CASE("a memory that asks is worth less, and the one after it more") {
    CHECK(order({session({asking(memory(1, {tea}))}), session({memory(2, {tea})})}) == seqs{2, 1});
    const double after_asking = score_of(2, {session({asking(memory(1, {tea})), memory(2)})});
    const double after_telling = score_of(2, {session({memory(1, {tea}), memory(2)})});
    const double before_asking = score_of(2, {session({memory(2), asking(memory(1, {tea}))})});
    CHECK(after_asking > after_telling);
    CHECK(before_asking == after_telling);
}

TEST_CASE("a name in the label says whose words they are, and is not lent to others") {
    const std::vector<passage> talk{session({by_lena(memory(1, {tea})), memory(2, {tea})})};
    const auto found = ranking(talk);
    REQUIRE(found.size() == 2);
    CHECK(found[0].seq == 1);
    CHECK(found[0].signals.speaker > 0);
    CHECK(found[1].signals.speaker == 0);
    const auto names_her = ranking({session({memory(1, {lena, tea}), memory(2, {tea})})});
    CHECK(names_her[1].signals.context > found[1].signals.context);
}

TEST_CASE("what is near the time that the question names ranks higher") {
    auto question = asked();
    const auto april = std::chrono::sys_days(std::chrono::year(2023) / 4 / 1);
    question.periods = {{april, april + std::chrono::days(30)}};
    auto then = memory(1, {tea});
    then.time = test::at("2023-04-20T00:00:00Z");
    const std::vector<passage> both{session({then}), session({memory(2, {tea})})};
    CHECK(order(both) == seqs{2, 1});
    CHECK(order(both, question) == seqs{1, 2});
    CHECK(ranking(both, question)[0].signals.date == 1);
    CHECK(score_of(1, both, question) == score_of(1, both));
}

TEST_CASE("a question for a time favours what tells one") {
    auto question = asked();
    auto telling = memory(1, {tea});
    telling.traits.tells_time = true;
    const std::vector<passage> both{session({telling}), session({memory(2, {tea})})};
    CHECK(order(both) == seqs{2, 1});
    question.asks_when = true;
    CHECK(order(both, question) == seqs{1, 2});
}

TEST_CASE("scores lie within 0 and 1, fall, and are made of what is explained") {
    auto question = asked();
    question.asks_when = true;
    question.periods = {{std::chrono::sys_days(std::chrono::year(2023) / 5 / 15),
                         std::chrono::sys_days(std::chrono::year(2023) / 5 / 16)}};
    std::vector<candidate> memories;
    for (int i = 0; i < 40; ++i) {
        auto next = i % 3 == 0 ? memory(i, {tea, jasmine}) : memory(i, {tea});
        next.occurrences[0].count = static_cast<std::uint16_t>(i % 5 == 0 ? 65535 : 1);
        next.responsibility = (i % 4) / 3.0;
        next.traits.tells_time = i % 2 == 0;
        memories.push_back(i % 7 == 0 ? asking(by_lena(next)) : next);
    }
    const auto found =
        ranking({session(memories)}, question, {.weights = {}, .now = asked_at, .limit = 100});
    REQUIRE(found.size() == 40);
    double last = 1;
    for (const auto& one : found) {
        const auto& s = one.signals;
        for (const double signal : {s.text, s.words, s.speaker, s.context, s.date, s.time_told}) {
            CHECK(signal >= 0);
            CHECK(signal <= 1);
        }
        CHECK(s.words + s.speaker + s.context <= 1);
        CHECK(one.score == relevance(s, {}));
        CHECK(one.score <= last);
        last = one.score;
    }
}

TEST_CASE("only so many are given, and none below the least score") {
    const std::vector<passage> all{session({memory(1, {tea, jasmine})}),
                                   session({memory(2, {tea})}), session({memory(3, {jasmine})})};
    auto wanted = by_text;
    wanted.limit = 2;
    CHECK(ranking(all, asked(), wanted).size() == 2);
    wanted.min_score = ranking(all)[0].score;
    CHECK(ranking(all, asked(), wanted).size() == 1);
    wanted.min_score = 1;
    CHECK(ranking(all, asked(), wanted).empty());
    CHECK(ranking({}).empty());
}

TEST_CASE("a term that is no word lowers no score, one that nothing holds does") {
    const std::vector<passage> one{session({memory(1, {tea})})};
    auto statistics = known;
    const double plain = rank(asked(), statistics, one, by_text)[0].score;
    statistics.holding[jasmine] = 0;
    CHECK(rank(asked(), statistics, one, by_text)[0].score < plain);
    statistics.holding[jasmine] = std::nullopt;
    CHECK(rank(asked(), statistics, one, by_text)[0].score > plain);
}

}  // namespace
}  // namespace memorypro::recall
