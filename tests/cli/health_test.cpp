#include "cli/health.hpp"

#include <boost/json.hpp>

#include "cli/json.hpp"
#include "support/catch.hpp"

using namespace memorypro::cli;

TEST_CASE("the cloud's state tells of a circuit that is not closed") {
    CHECK(cloud_line(parse_object(R"({"state":"online","circuit":"closed"})")) == "online");
    CHECK(cloud_line(parse_object(R"({"state":"offline","circuit":"half_open"})")) ==
          "offline, circuit half_open");
    CHECK(cloud_line(parse_object(R"({"state":"disabled"})")) == "disabled");
}

TEST_CASE("why nothing was sent is the cloud's state and its last error") {
    CHECK(why_not_sent(parse_object(R"({"cloud":{"state":"online","last_error":null}})")).empty());
    CHECK(why_not_sent(parse_object(R"({"cloud":{"state":"online","last_error":"500"}})")) ==
          "the cloud is online: 500");
    CHECK(why_not_sent(parse_object(
              R"({"cloud":{"state":"offline","circuit":"open","last_error":"no route"}})")) ==
          "the cloud is offline, circuit open: no route");
}

TEST_CASE("advice is given where somebody must act, and only there") {
    for (const auto* state : {"online", "offline", "disabled"})
        CHECK(credentials_advice({{"state", state}}).empty());
    CHECK(credentials_advice({{"state", "auth_failed"}}).find("restart") != std::string::npos);
    CHECK(dead_letter_advice({{"pending", 5}, {"dead", 0}}).empty());
    CHECK(dead_letter_advice({{"dead", 1}}).starts_with("the cloud refused 1 memory: "));
    CHECK(dead_letter_advice({{"dead", 2}}).starts_with("the cloud refused 2 memories: "));
}
