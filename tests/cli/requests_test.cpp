#include <boost/json.hpp>

#include "cli/arguments.hpp"
#include "cli/failure.hpp"
#include "cli/socket_path.hpp"
#include "cli/target.hpp"
#include "support/catch.hpp"

using namespace memorypro::cli;
namespace json = boost::json;

TEST_CASE("any character of an id can stand in a path") {
    CHECK(percent_encoded("AZaz09-._~") == "AZaz09-._~");
    CHECK(percent_encoded("a/b ?#%é\n") == "a%2Fb%20%3F%23%25%C3%A9%0A");
    CHECK(target("/m").segment("a/b").parameter("x y", "1&2").parameter("z", "").text() ==
          "/m/a%2Fb?x%20y=1%262&z=");
}

TEST_CASE("an empty id is refused: it would name the whole collection") {
    CHECK_THROWS_AS(target("/m").segment(""), failure);
}

TEST_CASE("a metadata value is JSON where it is JSON, else text") {
    const auto metadata = metadata_of({"n=5", "f=1.5", "yes=true", "none=null", "list=[1,\"a\"]",
                                       "quoted=\"007\"", "zip=007", "text=a=b", "empty="});
    CHECK(metadata == json::parse(R"({"n":5,"f":1.5,"yes":true,"none":null,"list":[1,"a"],
        "quoted":"007","zip":"007","text":"a=b","empty":""})"));
}

TEST_CASE("an integer that JSON numbers would round stays the text it is") {
    CHECK(metadata_of({"n=18446744073709551615"})["n"].is_uint64());
    CHECK(metadata_of({"n=18446744073709551616"})["n"] == "18446744073709551616");
}

TEST_CASE("metadata needs a key") {
    CHECK_THROWS_AS(metadata_of({"text"}), failure);
    CHECK_THROWS_AS(metadata_of({"=x"}), failure);
}

TEST_CASE("filters are the same in a body and in a query") {
    filters only;
    only.user = "a b";
    only.agent = "";
    only.tags = {"x", "y"};
    only.metadata = {"n=5"};
    only.until = "2025-01-01";
    only.include_archived = true;
    json::object body;
    only.write_to(body);
    CHECK(body == json::parse(R"({"user_id":"a b","agent_id":"","tags":["x","y"],
        "metadata":{"n":5},"until":"2025-01-01","include_archived":true})"));
    target query("/m");
    only.write_to(query);
    CHECK(query.text() ==
          "/m?user_id=a%20b&agent_id=&until=2025-01-01&tags=x&tags=y&metadata.n=5"
          "&include_archived=true");
}

TEST_CASE("the socket is the user's where one is, else the system's") {
    const auto none = [](const std::string&) { return false; };
    const auto all = [](const std::string&) { return true; };
    CHECK(find_socket({}, all) == system_socket);
    CHECK(find_socket({{"XDG_RUNTIME_DIR", "/run/user/1"}}, none) == system_socket);
    CHECK(find_socket({{"XDG_RUNTIME_DIR", "/run/user/1"}}, all) == "/run/user/1/memorypro.sock");
    CHECK(find_socket({{"RUNTIME_DIRECTORY", "/run/a:/run/b"}, {"XDG_RUNTIME_DIR", "/x"}}, all) ==
          "/run/a/memorypro.sock");
    CHECK(find_socket({{"MEMORYPRO_SOCKET", "/s"}, {"XDG_RUNTIME_DIR", "/x"}}, none) == "/s");
}
