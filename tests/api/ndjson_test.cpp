#include "api/ndjson.hpp"

#include <vector>

#include "support/catch.hpp"

namespace memorypro::api {
namespace {

using lines = std::vector<std::string>;

// "number:text", with "!" in place of a text that was too long.
lines split(const std::vector<std::string>& pieces, std::size_t longest = 100) {
    line_splitter splitter(longest);
    lines found;
    const auto keep = [&](const line_splitter::line& line) {
        found.push_back(std::to_string(line.number) + ':' + (line.too_long ? "!" : line.text));
    };
    for (const auto& piece : pieces) {
        splitter.add(piece);
        while (const auto line = splitter.next())
            keep(*line);
    }
    if (const auto line = splitter.last()) keep(*line);
    return found;
}

TEST_CASE("a text splits into the same lines wherever its pieces end") {
    const std::string text = "one\ntwo\r\n\n\r\nfive \xc3\xa4\n sixth is too long \nseven";
    const lines expected{"1:one", "2:two", "3:", "4:", "5:five \xc3\xa4", "6:!", "7:seven"};
    CHECK(split({text}, 10) == expected);
    for (std::size_t first = 0; first <= text.size(); ++first)
        for (std::size_t second = first; second <= text.size(); ++second) {
            CAPTURE(first, second);
            REQUIRE(split({text.substr(0, first), text.substr(first, second - first),
                           text.substr(second)},
                          10) == expected);
        }
    lines bytes;
    for (const char c : text)
        bytes.emplace_back(1, c);
    CHECK(split(bytes, 10) == expected);
}

TEST_CASE("a text that ends with a line's end has no line after it") {
    CHECK(split({"one\n"}) == lines{"1:one"});
    CHECK(split({"one\n", ""}) == lines{"1:one"});
    CHECK(split({}).empty());
    CHECK(split({"\n\n"}) == lines{"1:", "2:"});
}

TEST_CASE("a line as long as is allowed is taken, one byte more is not") {
    CHECK(split({"12345\n"}, 5) == lines{"1:12345"});
    CHECK(split({"123456\n1\n"}, 5) == lines{"1:!", "2:1"});
    CHECK(split({"12345"}, 5) == lines{"1:12345"});
    CHECK(split({"123", "456"}, 5) == lines{"1:!"});
}

TEST_CASE("a line that is far too long is named once and the next one is whole") {
    std::vector<std::string> pieces(1000, std::string(100, 'x'));
    pieces.push_back("\nnext");
    CHECK(split(pieces, 500) == lines{"1:!", "2:next"});
}

}  // namespace
}  // namespace memorypro::api
