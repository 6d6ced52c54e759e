#include "api/query.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::api {
namespace {

// The names of the wrong parameters, in their order.
std::vector<std::string> wrong_in(std::string_view query) {
    const auto parsed = parse_list_query(query);
    INFO(query);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == errc::invalid_field);
    std::vector<std::string> names;
    for (const auto& wrong : parsed.error().fields) {
        names.push_back(wrong.field);
        CHECK_FALSE(wrong.detail.empty());
        CHECK(parsed.error().detail.find(wrong.field) != std::string::npos);
    }
    return names;
}

using names = std::vector<std::string>;

TEST_CASE("a listing without parameters gives the first hundred of all that is not archived") {
    const auto parsed = parse_list_query("");
    REQUIRE(parsed);
    CHECK(parsed->limit == 100);
    CHECK_FALSE(parsed->cursor);
    CHECK_FALSE(parsed->filter.include_archived);
    CHECK_FALSE(parsed->filter.user_id);
    CHECK(parsed->filter.metadata.empty());
}

TEST_CASE("every parameter of a listing reaches its place, decoded") {
    const auto parsed = parse_list_query(
        "user_id=u%201&agent_id=a%26b&session_id=s+t&memory_type=fact&tags=x&tags=y%2Cz"
        "&metadata.city=K%C3%B6ln&metadata.a.b=1&metadata.q%22=&since=2025-01-08T12:00:00%2B02:00"
        "&until=2025-01-09&include_archived=true&limit=7&cursor=42");
    REQUIRE(parsed);
    const auto& filter = parsed->filter;
    CHECK(filter.user_id == "u 1");
    CHECK(filter.agent_id == "a&b");
    CHECK(filter.session_id == "s t");
    CHECK(filter.memory_type == "fact");
    CHECK(filter.tags == names{"x", "y,z"});
    REQUIRE(filter.metadata.size() == 3);
    CHECK(filter.metadata[0].key == "city");
    CHECK(filter.metadata[0].value == "K\u00f6ln");
    CHECK(filter.metadata[0].type == store::metadata_condition::kind::as_written);
    CHECK(filter.metadata[1].key == "a.b");
    CHECK(filter.metadata[2].key == "q\"");
    CHECK(filter.since == test::at("2025-01-08T10:00:00Z"));
    CHECK(filter.until == test::at("2025-01-09"));
    CHECK(filter.include_archived);
    CHECK(parsed->limit == 7);
    CHECK(parsed->cursor == 42);
}

TEST_CASE("the alias type means memory_type") {
    CHECK(parse_list_query("type=fact")->filter.memory_type == "fact");
}

TEST_CASE("an unknown parameter is named, never ignored") {
    CHECK(wrong_in("user=ada") == names{"user"});
    CHECK(wrong_in("metadata=1") == names{"metadata"});
    CHECK(wrong_in("metadata.=1") == names{"metadata."});
    CHECK(wrong_in("tag=x") == names{"tag"});
    CHECK(wrong_in("Limit=5") == names{"Limit"});
    CHECK(wrong_in("=5") == names{""});
}

TEST_CASE("several wrong parameters are all named, in their order") {
    CHECK(wrong_in("limit=0&user_id=ada&since=yesterday&colour=red&include_archived=2") ==
          names{"limit", "since", "colour", "include_archived"});
}

TEST_CASE("a limit is a whole number from 1 to 1000") {
    CHECK(parse_list_query("limit=1")->limit == 1);
    CHECK(parse_list_query("limit=1000")->limit == 1000);
    for (const char* text :
         {"0", "-1", "1001", "", "5x", "5.0", "0x5", "%205", "+5", "all", "99999999999999999999"}) {
        CHECK(wrong_in(std::string("limit=") + text) == names{"limit"});
    }
}

TEST_CASE("a cursor is what a listing gave, or an error") {
    for (const char* text : {"", "abc", "1.5", "1%20", "99999999999999999999"})
        CHECK(wrong_in(std::string("cursor=") + text) == names{"cursor"});
}

TEST_CASE("a scope that is given twice is refused: a filter is never dropped silently") {
    CHECK(wrong_in("user_id=ada&user_id=bob") == names{"user_id"});
    CHECK(wrong_in("since=2025-01-01&since=2020-01-01") == names{"since"});
    CHECK(wrong_in("memory_type=fact&type=note") == names{"type"});
}

TEST_CASE("tags and metadata of a listing are at most 32 together") {
    std::string query;
    for (int i = 0; i < 16; ++i)
        query += "tags=a&metadata.k=1&";
    CHECK(parse_list_query(query));
    CHECK(wrong_in(query + "tags=a") == names{"tags"});
}

TEST_CASE("a query string that is not percent-encoded is a bad request") {
    for (const char* text : {"user_id=%", "user_id=%zz", "user_id=a b"}) {
        CAPTURE(text);
        const auto parsed = parse_list_query(text);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().code == errc::bad_request);
    }
}

TEST_CASE("the one number of a query is read within its range") {
    CHECK(*parse_number_query("", "timeout", 0, 300, 30) == 30);
    CHECK(*parse_number_query("timeout=0", "timeout", 0, 300, 30) == 0);
    CHECK(*parse_number_query("timeout=300", "timeout", 0, 300, 30) == 300);
    for (const char* query : {"timeout=301", "timeout=-1", "timeout=", "timeout=soon"}) {
        CAPTURE(query);
        const auto failure = parse_number_query(query, "timeout", 0, 300, 30);
        REQUIRE_FALSE(failure.has_value());
        CHECK(failure.error().fields.at(0).field == "timeout");
    }
    CHECK(parse_number_query("wait=5", "timeout", 0, 300, 30).error().fields.at(0).field == "wait");
}

TEST_CASE("a listing of the queue takes a state and no filter of memories") {
    const auto page = parse_queue_query("limit=7&cursor=42&state=in_flight");
    REQUIRE(page);
    CHECK(page->limit == 7);
    CHECK(page->cursor == 42);
    CHECK(page->state == store::outbox_state::in_flight);
    CHECK_FALSE(parse_queue_query("")->state);
    for (const char* name : {"user_id", "tags", "metadata.a", "include_archived", "colour"}) {
        const auto refused = parse_queue_query("limit=7&" + std::string(name) + "=x");
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == errc::invalid_field);
        CHECK(refused.error().fields.at(0).field == name);
    }
    for (const char* query : {"state=", "state=Dead", "state=done", "state=dead&state=pending"})
        CHECK(parse_queue_query(query).error().fields.at(0).field == "state");
}

TEST_CASE("what takes no parameters refuses the first that comes, by name") {
    CHECK(expect_no_query(""));
    const auto refused = expect_no_query("user_id=x&limit=5");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::invalid_field);
    CHECK(refused.error().fields.at(0).field == "user_id");
}

TEST_CASE("a listing of insights goes on after an id") {
    CHECK_FALSE(parse_insights_query("")->since);
    CHECK(parse_insights_query("")->limit == 100);
    CHECK(parse_insights_query("since=7&limit=3")->since == 7);
    CHECK(parse_insights_query("since=7&limit=3")->limit == 3);
    CHECK(parse_insights_query("cursor=7")->since == 7);
    for (const char* query : {"since=-1", "since=x", "since=", "limit=0", "status=pending"})
        CHECK_FALSE(parse_insights_query(query).has_value());
    CHECK_FALSE(parse_insights_query("since=1&cursor=2").has_value());
}

TEST_CASE("recommendations and actions are listed by their status") {
    using store::action_status;
    using store::recommendation_status;
    CHECK_FALSE(parse_recommendations_query("")->status);
    CHECK(parse_recommendations_query("status=applied")->status == recommendation_status::applied);
    CHECK(parse_recommendations_query("limit=5&cursor=9")->cursor == 9);
    CHECK_FALSE(parse_actions_query("")->status);
    CHECK(parse_actions_query("status=in_progress")->status == action_status::in_progress);
    CHECK(parse_actions_query("limit=5&cursor=9-a")->cursor == "9-a");
    for (const char* query : {"status=done", "since=1", "limit=1001", "user_id=u"}) {
        CHECK_FALSE(parse_recommendations_query(query).has_value());
        CHECK_FALSE(parse_actions_query(query).has_value());
    }
}

}  // namespace
}  // namespace memorypro::api
