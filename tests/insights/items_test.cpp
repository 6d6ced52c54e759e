#include "insights/items.hpp"

#include "support/catch.hpp"

namespace memorypro::insights {
namespace {

using kind = store::insight_kind;
using found = std::vector<std::pair<kind, std::string>>;

found items_of(std::string_view text) {
    found all;
    for (auto& one : read_items(*parse_object(text)))
        all.emplace_back(one.kind, std::move(one.payload));
    return all;
}

const std::string recommendation =
    R"({"action":"archive","memory_ids":["mem_1"],"reason":"Low relevance"})";
const std::string update = R"({"confidence":0.92,"insight":"User prefers morning deadlines"})";
const std::string snapshot = R"({"memory_health_score":0.85,"total_memories":1247})";
const std::string action = R"({"priority":"high","title":"Call Lena","type":"task"})";

TEST_CASE("the three keys are found at the top level and under insights") {
    const auto inner = R"("evolution_updates":[)" + update + R"(],"lifecycle_recommendations":[)" +
                       recommendation + R"(],"memory_insights":)" + snapshot;
    const found expected{{kind::evolution_update, update},
                         {kind::lifecycle_recommendation, recommendation},
                         {kind::memory_insights, snapshot}};
    CHECK(items_of('{' + inner + '}') == expected);
    CHECK(items_of(R"({"status":"success","insights":{)" + inner + "}}") == expected);
    CHECK(items_of(R"({"event_type":"memory_insights","data":{)" + inner + "}}") == expected);
}

TEST_CASE("an envelope's data has its items under short names") {
    const auto pushed = [](std::string type, std::string name, std::string value) {
        return items_of(R"({"event_type":")" + type +
                        R"(","user_id":"u","timestamp":"t","data":{")" + name + R"(":)" + value +
                        "}}");
    };
    CHECK(pushed("lifecycle_recommendations", "recommendations", '[' + recommendation + ']') ==
          found{{kind::lifecycle_recommendation, recommendation}});
    CHECK(pushed("evolution_updates", "updates", '[' + update + ',' + update + ']') ==
          found{{kind::evolution_update, update}, {kind::evolution_update, update}});
    CHECK(pushed("memory_insights", "insights", snapshot) ==
          found{{kind::memory_insights, snapshot}});
    CHECK(pushed("discovered_actions", "actions", '[' + action + ']') ==
          found{{kind::discovered_action, action}});
    CHECK(pushed("evolution_updates", "updates", update) ==
          found{{kind::evolution_update, update}});
}

TEST_CASE("an unknown event is kept whole, and nothing in it is done") {
    const std::string alone = R"({"data":{"x":1},"event_type":"memory_merged"})";
    CHECK(items_of(alone) == found{{kind::unknown, alone}});
    const std::string mixed =
        R"({"data":{"updates":[)" + update + R"(]},"event_type":"memory_merged"})";
    CHECK(items_of(mixed) == found{{kind::unknown, mixed}});
    const std::string beside =
        R"({"event_type":"memory_merged","lifecycle_recommendations":[)" + recommendation + "]}";
    CHECK(items_of(beside) == found{{kind::unknown, beside}});
    const std::string odd = R"({"event_type":7})";
    CHECK(items_of(odd) == found{{kind::unknown, odd}});
    const std::string empty = R"({"data":{},"event_type":"evolution_updates"})";
    CHECK(items_of(empty) == found{{kind::unknown, empty}});
}

TEST_CASE("an item that is not an object is kept as unknown, an empty one is nothing") {
    CHECK(items_of(R"({"evolution_updates":["text",{},null]})") ==
          found{{kind::unknown, R"("text")"}, {kind::unknown, "null"}});
    CHECK(items_of(R"({"memory_insights":null,"evolution_updates":[],"x":1})").empty());
    CHECK(items_of("{}").empty());
}

TEST_CASE("items beyond the bound of a document are one unknown item") {
    std::string list;
    for (std::size_t i = 0; i < most_items; ++i)
        list += R"({"insight":"x"},)";
    const auto exactly = items_of(R"({"evolution_updates":[)" + list + "{}]}");
    CHECK(exactly.size() == most_items);
    const auto more = items_of(R"({"evolution_updates":[)" + list + update + "," + update +
                               R"(],"memory_insights":)" + snapshot + "}");
    REQUIRE(more.size() == most_items + 1);
    CHECK(more[most_items - 1] == found::value_type(kind::evolution_update, R"({"insight":"x"})"));
    CHECK(more.back() ==
          found::value_type(kind::unknown, '[' + update + ',' + update + ',' + snapshot + ']'));
}

TEST_CASE("the same item in another order and spacing is the same text") {
    CHECK(
        canonical_json(*parse_object(R"({ "b": [ 1.0, {"d":null, "c":"\u00e4"} ], "a": true })")) ==
        "{\"a\":true,\"b\":[1.0,{\"c\":\"\u00e4\",\"d\":null}]}");
}

}  // namespace
}  // namespace memorypro::insights
