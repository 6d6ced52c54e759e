#include "cli/event_stream.hpp"
#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/progress.hpp"
#include "support/catch.hpp"

using namespace memorypro::cli;

TEST_CASE("a status outside 2xx has its exit code") {
    CHECK(exit_code_of(400) == exit_code::usage);
    CHECK(exit_code_of(404) == exit_code::not_found);
    CHECK(exit_code_of(409) == exit_code::usage);
    CHECK(exit_code_of(429) == exit_code::try_again);
    CHECK(exit_code_of(503) == exit_code::try_again);
    CHECK(exit_code_of(507) == exit_code::internal);
    CHECK(exit_code_of(302) == exit_code::internal);
}

TEST_CASE("a problem document is told in its own words") {
    const auto told = failure_of(
        422, R"({"title":"t","detail":"d","errors":[{"field":"f","detail":"must be"},7]})", "");
    CHECK(std::string(told.what()) == "d");
    REQUIRE(told.fields.size() == 1);
    CHECK(told.fields[0].field == "f");
    CHECK(std::string(failure_of(503, R"({"title":"t"})", "2").what()) == "t (try again in 2 s)");
    CHECK(std::string(failure_of(500, "[]", "").what()) == "the daemon answered with status 500");
}

TEST_CASE("what the cloud refused is refused for good, in the cloud's words") {
    const std::string body = R"({"code":"refused_by_cloud","detail":"the cloud: no such plan"})";
    for (const unsigned status : {422u, 403u, 502u}) {
        const auto told = failure_of(status, body, "");
        CHECK(told.code == exit_code::usage);
        CHECK(std::string(told.what()) == "the cloud: no such plan");
    }
}

namespace {

struct collector {
    std::vector<event> events;
    event_stream stream{"0", [this](const event& each) { events.push_back(each); }};
};

}  // namespace

TEST_CASE("events are the same however the stream is cut into pieces") {
    const std::string text =
        ": hello\n\nid: 1\nevent: a\ndata: x\ndata:y\n\n\nretry: 5\ndata: z\r\n\r\nid: 2\n\n";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        collector seen;
        for (std::size_t at = 0; at < text.size(); at += size)
            seen.stream.feed(std::string_view(text).substr(at, size));
        REQUIRE(seen.events.size() == 2);
        CHECK(seen.events[0].id == "1");
        CHECK(seen.events[0].name == "a");
        CHECK(seen.events[0].data == "x\ny");
        CHECK(seen.events[1].id == "1");
        CHECK(seen.events[1].name == "message");
        CHECK(seen.stream.last_id() == "2");
    }
}

TEST_CASE("an event that never ended is forgotten with its id") {
    collector seen;
    seen.stream.feed("id: 1\ndata: x\n\nid: 2\ndata: ha");
    seen.stream.restart();
    CHECK(seen.stream.last_id() == "1");
    seen.stream.feed("data: y\n\n");
    REQUIRE(seen.events.size() == 2);
    CHECK(seen.events[1].id == "1");
    CHECK(seen.events[1].data == "y");
}

TEST_CASE("progress shows a share only where the total is known") {
    CHECK(progress_line(2048, 1, {}) == "2.0 KiB 1 memory");
    CHECK(progress_line(512, 3, 1024) == "[############            ]  50% 512 B 3 memories");
    CHECK(progress_line(2048, 3, 1024) == "[########################] 100% 2.0 KiB 3 memories");
    CHECK(progress_line(0, 0, 0) == "0 B 0 memories");
}

TEST_CASE("an answer may be nested a little deeper than what a memory may hold") {
    const auto nested = [](std::size_t deep) {
        return "{\"a\":" + std::string(deep, '[') + std::string(deep, ']') + '}';
    };
    CHECK(parse_object(nested(39)).contains("a"));
    CHECK_THROWS_AS(parse_object(nested(40)), failure);
}
