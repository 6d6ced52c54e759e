#include "recall/question.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::recall {
namespace {

const auto wednesday = test::at("2024-05-15T10:00:00Z");

TEST_CASE("a question has a term for each word that tells, with its other forms") {
    using terms = std::vector<question::term>;
    CHECK(read_question("What tea did Lena buy?", wednesday).terms ==
          terms{{"tea"}, {"lena"}, {"buy", "bought"}});
    CHECK(read_question("she went to go", wednesday).terms == terms{{"went", "go", "gone"}});
    CHECK(read_question("?!", wednesday).terms.empty());
}

TEST_CASE("a question for a time is known by how it begins") {
    for (const char* asked : {"When did she leave?", "since when", "How long has it been?",
                              "For how long", "What year was it?", "In which month", "what time"}) {
        CAPTURE(asked);
        CHECK(read_question(asked, wednesday).asks_when);
    }
    for (const char* asked :
         {"", "what did she say when he left?", "how many", "the day when", "what tea", "which"}) {
        CAPTURE(asked);
        CHECK_FALSE(read_question(asked, wednesday).asks_when);
    }
}

TEST_CASE("a question knows the times that it names") {
    CHECK(read_question("What did we do in May 2023?", wednesday).periods.size() == 1);
    CHECK(read_question("What did we do yesterday?", wednesday).periods.size() == 1);
    CHECK(read_question("What did we do?", wednesday).periods.empty());
}

}  // namespace
}  // namespace memorypro::recall
