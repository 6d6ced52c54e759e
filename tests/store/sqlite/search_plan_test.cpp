// What is found where words are too common to look at all that hold them.
#include "store/fixture.hpp"

namespace memorypro::store {
namespace {

constexpr int many = 5000;  // more than are searched whole

class crowded : public store_fixture {
public:
    crowded() : store_fixture({.survive_power_loss = false}) {
        add("oldest", "tea with saffron and honey");
        auto tagged = memory_of("tagged", "tea");
        tagged.what.memory_type = "rare";
        tagged.what.user_id = "lena";
        store_fixture::add(tagged);
        add("both", "coffee, then tea");
        add_at_once(many, "t", "tea");
        add_at_once(many, "c", "coffee");
        add("newest", "tea");
    }

    ids best(std::vector<std::string> words, memory_filter filter = {}) {
        auto wanted = search_for(std::move(words), std::move(filter));
        wanted.limit = 5;
        return ids_of(run((*this)->find_matches(wanted)));
    }
};

TEST_CASE("where words are common") {
    crowded s;

    SECTION("a rare word finds the oldest memory, and those with a common one fill up") {
        const auto found = s.best({"tea", "saffron"});
        REQUIRE(found.size() == 5);
        CHECK(found[0] == "oldest");
        CHECK(found[1] == "newest");
    }
    SECTION("what a common word tells counts in a memory that a rare one leads to") {
        s.add("saffron", "saffron, honey and much more beside");
        CHECK(s.best({"saffron", "tea"}).front() == "oldest");
    }
    SECTION("of common words only, the newest memories are looked at") {
        const auto found = s.best({"tea", "coffee"});
        CHECK(found.size() == 5);
        CHECK(std::ranges::find(found, "oldest") == found.end());
    }
    SECTION("a word that nobody holds changes nothing") {
        CHECK(s.best({"tea", "zeppelin"}).front() == "newest");
        CHECK(s.best({"zeppelin"}).empty());
    }
    SECTION("a word that is none changes nothing") {
        CHECK(s.best({"tea", "\u2014"}).front() == "newest");
        CHECK(s.best({"saffron", "tea", "\u2014"}).front() == "oldest");
    }
    SECTION("a user who has few memories finds all of them") {
        CHECK(s.best({"tea"}, {.user_id = "lena"}) == ids{"tagged"});
        CHECK(s.best({"tea", "coffee"}, {.user_id = "lena"}) == ids{"tagged"});
        CHECK(s.best({"tea"}, {.user_id = "nobody"}).empty());
    }
    SECTION("a filter that few pass is answered whole") {
        CHECK(s.best({"tea", "coffee"}, {.memory_type = "rare"}) == ids{"tagged"});
    }
    SECTION("nothing is found twice") {
        auto wanted = search_for({"saffron", "tea", "coffee"});
        wanted.limit = 1000;
        auto found = ids_of(s.run(s->find_matches(wanted)));
        CHECK(found.size() == 1000);
        std::ranges::sort(found);
        CHECK(std::ranges::adjacent_find(found) == found.end());
    }
}

}  // namespace
}  // namespace memorypro::store
