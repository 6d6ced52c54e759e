#include "recall/traits.hpp"

#include "support/catch.hpp"

namespace memorypro::recall {
namespace {

const question about_lena{
    .terms = {{"tea"}, {"lena"}, {"go", "went"}}, .periods = {}, .asks_when = true};

TEST_CASE("the terms of a label are known") {
    CHECK(traits_of("Lena: I like tea", about_lena).label_terms == 0b010);
    CHECK(traits_of("Dr. Lena Went: hello", about_lena).label_terms == 0b110);
    CHECK(traits_of("LENA: hello", about_lena).label_terms == 0b010);
}

TEST_CASE("what is no label has no terms") {
    for (const char* content :
         {"", ":", ": lena", "lena", "Lena likes tea", "lena:tea", "lena\n: tea", "lena:",
          "tea://lena: x", "a long sentence that ends, about lena: tea", "Bob: Lena is here"}) {
        CAPTURE(content);
        CHECK(traits_of(content, about_lena).label_terms == 0);
    }
}

TEST_CASE("a memory that ends with a question mark asks") {
    for (const char* content : {"Tea?", "Is it? Is it so? \n", "Look? [image: a cup]", "?"}) {
        CAPTURE(content);
        CHECK(traits_of(content, about_lena).asks);
    }
    for (const char* content : {"", "Tea? Yes.", "[tea?]", "Tea [? ]", "It is. [image: why?]"}) {
        CAPTURE(content);
        CHECK_FALSE(traits_of(content, about_lena).asks);
    }
}

TEST_CASE("a memory that says when tells a time, where the question asks for it") {
    for (const char* content :
         {"we met yesterday", "Last Friday", "in JUNE", "since 2019", "two weeks ago"}) {
        CAPTURE(content);
        CHECK(traits_of(content, about_lena).tells_time);
        CHECK_FALSE(traits_of(content, {}).tells_time);
    }
    for (const char* content : {"we met", "may I?", "it cost 2500", "Today: tea", "20x9"}) {
        CAPTURE(content);
        CHECK_FALSE(traits_of(content, about_lena).tells_time);
    }
}

TEST_CASE("of a long text only the beginning is read") {
    CHECK_FALSE(traits_of(std::string(5000, 'x') + " yesterday?", about_lena).tells_time);
    CHECK_FALSE(traits_of(std::string(5000, 'x') + '?', about_lena).asks);
}

}  // namespace
}  // namespace memorypro::recall
