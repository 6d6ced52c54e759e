#include "memory/text.hpp"

#include "memory/body.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::memory {
namespace {

std::string text_of(const store::memory& m) {
    std::string text;
    append_memory(text, m);
    return text;
}

// As the store would keep what an import read.
store::memory imported(const std::string& line) {
    const auto given = parse_memory(*parse_object(line), body_of::import, 1 << 20);
    REQUIRE(given);
    return {.id = given->id.value(),
            .what = given->what,
            .created_at = given->created_at.value(),
            .archived = given->archived};
}

store::memory full_memory() {
    return {.seq = 7,
            .id = "id \"with\" / and \u00e4",
            .what = {.content = std::string("line\n\t\"quoted\" \\ \u20ac \U0001f600 ") + '\0',
                     .metadata_json = R"({"n":1.0,"big":18446744073709551615,"a":[{}]})",
                     .tags_json = R"(["x","y\n"])",
                     .extra_json = R"({"mood":"calm","nested":{"a":null}})",
                     .user_id = "u\u00df",
                     .agent_id = "",
                     .session_id = "s",
                     .memory_type = "fact",
                     .priority = store::priority::high,
                     .time = test::at("2024-02-29T23:59:59.999999Z")},
            .created_at = test::at("2025-01-08T12:00:00.000001Z"),
            .archived = true};
}

TEST_CASE("a memory is written with every field of an answer") {
    store::memory m{.id = "m1",
                    .what = {.content = "tea"},
                    .created_at = test::at("2025-01-08T12:00:00Z"),
                    .sync_state = store::sync_state::queued};
    CHECK(text_of(m) ==
          R"({"memory_id":"m1","content":"tea","metadata":{},"session_id":null,"agent_id":null,)"
          R"("user_id":null,"memory_type":"conversation","tags":[],"priority":"medium",)"
          R"("timestamp":"2025-01-08T12:00:00.000000Z",)"
          R"("created_at":"2025-01-08T12:00:00.000000Z","archived":false,"sync_state":"queued"})");
}

TEST_CASE("fields that we do not know stand beside the others in an answer") {
    const auto body = parse_object(text_of(full_memory()));
    REQUIRE(body);
    CHECK(body->at("mood").as_string() == "calm");
    CHECK(to_json(body->at("nested")) == R"({"a":null})");
}

TEST_CASE("an export line that is imported is the same memory") {
    const auto before = full_memory();
    const auto line = text_of(before);
    CHECK(line.find('\n') == std::string::npos);
    const auto after = imported(line);
    CHECK(after.id == before.id);
    CHECK(after.created_at == before.created_at);
    CHECK(after.archived);
    CHECK(after.what.content == before.what.content);
    CHECK(after.what.metadata_json == before.what.metadata_json);
    CHECK(after.what.tags_json == before.what.tags_json);
    CHECK(after.what.extra_json == before.what.extra_json);
    CHECK(after.what.user_id == before.what.user_id);
    CHECK(after.what.agent_id == before.what.agent_id);
    CHECK(after.what.time == before.what.time);
    CHECK(text_of(after) == line);
}

}  // namespace
}  // namespace memorypro::memory
