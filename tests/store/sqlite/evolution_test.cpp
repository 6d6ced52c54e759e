// Evolution updates are found by their words, with the memories that they cite.
#include "store/insight_fixture.hpp"

namespace memorypro::store {
namespace {

std::vector<std::string> payloads(const std::vector<evolution_match>& found) {
    std::vector<std::string> all;
    for (const auto& one : found)
        all.push_back(one.insight.payload_json);
    return all;
}

TEST_CASE("an evolution update is found by its words, as it came") {
    insight_fixture s;
    s.record({learned("User prefers morning deadlines", {"m1", "cloud-m2"})}, insight_source::poll);
    s.record_one(learned("User drinks tea"));
    const auto found = s.run(s->find_evolution({"deadline", "other"}, 10));
    REQUIRE(found.size() == 1);
    CHECK(found[0].insight.id == 1);
    CHECK(found[0].insight.kind == insight_kind::evolution_update);
    CHECK(found[0].insight.source == insight_source::poll);
    CHECK(found[0].insight.payload_json == "\"User prefers morning deadlines\"");
    CHECK(found[0].memory_ids == ids{"m1", "cloud-m2"});
    s.kill();
    CHECK(s.run(s->find_evolution({"tea"}, 10)).size() == 1);
    CHECK(s.run(s->find_evolution({"milk"}, 10)).empty());
    CHECK(s.run(s->find_evolution({}, 10)).empty());
    CHECK(s.run(s->find_evolution({"\"", "tea OR x", "AND"}, 10)).empty());
}

TEST_CASE("the best are found first, the newest of equals, and scored from 0 to 1") {
    insight_fixture s;
    const std::vector<std::string> texts{"green tea", "green tea in the morning", "black coffee",
                                         "black tea", "green tea"};
    for (const auto& text : texts) {
        auto item = learned(text);
        item.digest = sha256(text + std::to_string(&text - texts.data()));
        s.record_one(item);
    }
    const auto found = s.run(s->find_evolution({"green", "tea"}, 10));
    REQUIRE(found.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) CHECK(found[i].score <= found[i - 1].score);
        CHECK(found[i].score > 0);
        CHECK(found[i].score <= 1);
    }
    CHECK(payloads(found) == std::vector<std::string>{"\"green tea\"", "\"green tea\"",
                                                      "\"green tea in the morning\"",
                                                      "\"black tea\""});
    CHECK(found[0].insight.id == 5);
    CHECK(payloads(s.run(s->find_evolution({"green", "tea"}, 2))).size() == 2);
}

TEST_CASE("an update without a text is kept and found by no word") {
    insight_fixture s;
    CHECK(s.record_one(learned("")).is_new);
    CHECK(s.run(s->find_evolution({"tea"}, 10)).empty());
    CHECK(s.log().total == 1);
}

TEST_CASE("a damaged index of evolution updates is whole again with the others") {
    insight_fixture s;
    s.record_one(learned("User drinks tea"));
    s.record_one(learned("User drinks coffee"));
    sqlite::connection outside(s.database(), sqlite::connection::access::read_write);
    outside.execute("UPDATE evolution_fts_data SET block = x'00' WHERE id > 10");
    CHECK_THROWS_AS(s.run(s->find_evolution({"tea"}, 10)), failed);
    s.run(s->rebuild_index());
    CHECK(payloads(s.run(s->find_evolution({"tea"}, 10))) ==
          std::vector<std::string>{"\"User drinks tea\""});
    CHECK(s.run(s->find_evolution({"drinks"}, 10)).size() == 2);
}

}  // namespace
}  // namespace memorypro::store
