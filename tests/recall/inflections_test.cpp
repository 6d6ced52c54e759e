#include "recall/inflections.hpp"

#include "support/catch.hpp"

namespace memorypro::recall {
namespace {

using words = std::vector<std::string>;

TEST_CASE("an irregular word has its other forms, itself first") {
    CHECK(inflections("bought") == words{"bought", "buy"});
    CHECK(inflections("buy") == words{"buy", "bought"});
    CHECK(inflections("written") == words{"written", "write", "wrote"});
    CHECK(inflections("children") == words{"children", "child"});
}

TEST_CASE("a regular form of an irregular word leads to its others") {
    CHECK(inflections("buying") == words{"buying", "buy", "bought"});
    CHECK(inflections("buys") == words{"buys", "buy", "bought"});
    CHECK(inflections("goes") == words{"goes", "go", "went", "gone"});
    CHECK(inflections("writing") == words{"writing", "write", "wrote", "written"});
    CHECK(inflections("running") == words{"running", "run", "ran"});
}

TEST_CASE("any other word stands alone") {
    for (const char* word : {"", "s", "es", "ing", "ring", "aaing", "tea", "walked", "thing",
                             "ought", "na\u00efve", "2023"}) {
        CAPTURE(word);
        CHECK(inflections(word) == words{word});
    }
}

}  // namespace
}  // namespace memorypro::recall
