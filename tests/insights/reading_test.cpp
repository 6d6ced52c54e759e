#include "insights/reading.hpp"

#include "base/sha256.hpp"
#include "support/catch.hpp"

namespace memorypro::insights {
namespace {

using kind = store::insight_kind;
using strings = std::vector<std::string>;

store::new_insight read_one(const std::string& member, const std::string& item,
                            const config::settings& settings = {}) {
    const auto document = parse_object("{\"" + member + "\":[" + item + "]}").value();
    const auto all = read_document(document, settings);
    REQUIRE(all.size() == 1);
    return all.front();
}

store::new_insight read_recommendation(const std::string& item) {
    return read_one("lifecycle_recommendations", item);
}

store::new_insight read_action(const std::string& item) {
    return read_one("discovered_actions", item);
}

store::delivery delivery_of(std::string body) {
    return {.id = "d1", .body = std::move(body), .received_at = {}};
}

TEST_CASE("a lifecycle recommendation says what to do, with which memories and why") {
    const auto got = read_recommendation(
        R"({"action":"archive","memory_ids":["mem_1","mem_2"],"reason":"Low relevance"})");
    CHECK(got.kind == kind::lifecycle_recommendation);
    CHECK(got.action == store::lifecycle_action::archive);
    CHECK(got.action_name == "archive");
    CHECK(got.memory_ids == strings{"mem_1", "mem_2"});
    CHECK(got.reason == "Low relevance");
    CHECK(got.enabled);
}

TEST_CASE("what an action asks for is known by its name, in any case") {
    const auto named = [](const std::string& name) {
        return read_recommendation("{\"action\":\"" + name + "\"}").action;
    };
    using enum store::lifecycle_action;
    CHECK(named("archive") == archive);
    CHECK(named("Archive") == archive);
    CHECK(named("PRIORITIZE") == prioritize);
    CHECK(named("delete") == remove);
    CHECK(named("merge") == other);
    CHECK(named("") == other);
    CHECK(read_recommendation(R"({"action":"Merge"})").action_name == "Merge");
    CHECK(read_recommendation(R"({"action":7})").action == other);
    CHECK(read_recommendation(R"({"reason":"r"})").action == other);
}

TEST_CASE("memory ids come as a list or alone, as texts or numbers, each once") {
    const auto ids = [](const std::string& members) {
        return read_recommendation("{\"action\":\"archive\"," + members + "}").memory_ids;
    };
    CHECK(ids(R"("memory_ids":["a","b"])") == strings{"a", "b"});
    CHECK(ids(R"("memory_ids":"a")") == strings{"a"});
    CHECK(ids(R"("memory_ids":[7,-8,18446744073709551615])") ==
          strings{"7", "-8", "18446744073709551615"});
    CHECK(ids(R"("memory_id":"a")") == strings{"a"});
    CHECK(ids(R"("memory_id":7)") == strings{"7"});
    CHECK(ids(R"("memory_id":["a"])") == strings{"a"});
    CHECK(ids(R"("memory_id":"c","memory_ids":["a","c","a"])") == strings{"a", "c"});
    CHECK(ids(R"("memory_ids":["",null,true,1.5,{},["x"]])").empty());
    CHECK(ids(R"("memory_ids":null)").empty());
}

TEST_CASE("a discovered action has its fields, and the memory that it is about") {
    const auto got = read_action(
        R"({"type":"task","title":"Call Lena","description":"On Monday","priority":"high",)"
        R"("memory_id":"m1"})");
    CHECK(got.type == "task");
    CHECK(got.title == "Call Lena");
    CHECK(got.description == "On Monday");
    CHECK(got.priority == store::priority::high);
    CHECK(got.memory_ids == strings{"m1"});
}

TEST_CASE("an action's priority is medium where it is missing or not one of ours") {
    const auto priority = [](const std::string& value) {
        return read_action("{\"title\":\"t\",\"priority\":" + value + "}").priority;
    };
    CHECK(priority(R"("low")") == store::priority::low);
    CHECK(priority(R"("URGENT")") == store::priority::urgent);
    CHECK(priority(R"("critical")") == store::priority::medium);
    CHECK(priority("3") == store::priority::medium);
    CHECK(priority("null") == store::priority::medium);
    CHECK(read_action(R"({"title":"t"})").priority == store::priority::medium);
}

TEST_CASE("fields of another type count as missing") {
    const auto got = read_action(R"({"type":1,"title":["t"],"description":{"a":1}})");
    CHECK(got.type.empty());
    CHECK(got.title.empty());
    CHECK(got.description.empty());
    CHECK(read_recommendation(R"({"action":"archive","reason":5})").reason.empty());
}

TEST_CASE("an evolution update is found by whatever in it people wrote") {
    const auto text = [](const std::string& item) {
        return read_one("evolution_updates", item).text;
    };
    CHECK(
        text(R"({"insight":"Prefers mornings","recommendation":"Plan early","confidence":0.9})") ==
        "Prefers mornings\nPlan early");
    CHECK(text(R"({"text":"Likes tea"})") == "Likes tea");
    CHECK(text(R"({"recommendation":"b","insight":"a"})") == "a\nb");
    CHECK(text(R"({"insight":5,"memory_ids":["m1"]})").empty());
    CHECK(read_one("evolution_updates", R"({"insight":"x","memory_ids":["m1"]})").memory_ids ==
          strings{"m1"});
}

TEST_CASE("the payload is kept whole, and the digest is of it and its kind") {
    const auto got = read_action(R"({"z":[1, 2], "title":"t", "extra":{"b":1,"a":2}})");
    CHECK(got.payload_json == R"({"extra":{"a":2,"b":1},"title":"t","z":[1,2]})");
    CHECK(got.digest == sha256("discovered_action\n" + got.payload_json));
    CHECK(got.digest == read_action(R"({"title":"t","extra":{"a":2,"b":1},"z":[1,2]})").digest);
    CHECK(got.digest !=
          read_recommendation(R"({"title":"t","extra":{"a":2,"b":1},"z":[1,2]})").digest);
}

TEST_CASE("what a feature that is off would do is only logged") {
    config::settings settings;
    settings.lifecycle = false;
    CHECK_FALSE(read_one("lifecycle_recommendations", R"({"action":"archive"})", settings).enabled);
    CHECK(read_one("evolution_updates", R"({"insight":"x"})", settings).enabled);
    settings = {};
    settings.evolution = false;
    CHECK_FALSE(read_one("evolution_updates", R"({"insight":"x"})", settings).enabled);
    settings = {};
    settings.ai_analysis = false;
    CHECK_FALSE(read_one("memory_insights", R"({"total_memories":1})", settings).enabled);
    CHECK(read_one("discovered_actions", R"({"title":"t"})", settings).enabled);
    CHECK(read_one("lifecycle_recommendations", R"({"action":"archive"})", settings).enabled);
}

TEST_CASE("a recommendation about too many memories is kept as unknown") {
    const auto about = [](std::size_t count) {
        std::string ids = "0";
        for (std::size_t i = 1; i < count; ++i)
            ids += ',' + std::to_string(i);
        return R"({"action":"archive","memory_ids":[)" + ids + "]}";
    };
    CHECK(read_recommendation(about(most_memory_ids)).memory_ids.size() == most_memory_ids);
    const auto too_many = read_recommendation(about(most_memory_ids + 1));
    CHECK(too_many.kind == kind::unknown);
    CHECK(too_many.memory_ids.empty());
    CHECK(too_many.payload_json == about(most_memory_ids + 1));
}

TEST_CASE("a delivery in which nothing is understood is one unknown insight") {
    for (const char* body : {"{}", R"({"hello":"world"})", R"({"event_type":"memory_merged"})",
                             R"({"evolution_updates":[]})"}) {
        const auto all = read_delivery(delivery_of(body), {});
        REQUIRE(all.size() == 1);
        CHECK(all.front().kind == kind::unknown);
        CHECK(all.front().payload_json == body);
        CHECK(all.front().enabled);
        CHECK(all.front().memory_ids.empty());
    }
}

TEST_CASE("a delivery that only tries whether it arrives leaves nothing") {
    CHECK(read_delivery(delivery_of(R"({"event_type":"webhook_test","data":{}})"), {}).empty());
    CHECK(read_delivery(delivery_of(R"({"event_type":"webhook_tests"})"), {}).size() == 1);
}

TEST_CASE("a delivery whose body cannot be read is kept as a text") {
    const auto all = read_delivery(delivery_of("[1]"), {});
    REQUIRE(all.size() == 1);
    CHECK(all.front().kind == kind::unknown);
    CHECK(all.front().payload_json == R"("[1]")");
    CHECK(as_unknown(delivery_of(R"({"a":1})")).payload_json == R"("{\"a\":1}")");
}

TEST_CASE("a delivery holds any number of items of any kind") {
    const auto all = read_delivery(
        delivery_of(R"({"event_type":"evolution_updates","data":{"updates":[{"insight":"a"},)"
                    R"({"insight":"b"}],"actions":[{"title":"c"}]}})"),
        {});
    REQUIRE(all.size() == 3);
    CHECK(all[0].text == "a");
    CHECK(all[1].text == "b");
    CHECK(all[2].title == "c");
}

}  // namespace
}  // namespace memorypro::insights
