// What the cloud may have under an id that it never told, of memories that are gone or changed.
#include "store/outbox_fixture.hpp"

namespace memorypro::store {
namespace {

using cc = cloud_call;

// As the cloud shows it: under its id, with what it was sent.
memory shown(const new_memory& sent) {
    memory m{.id = "mem_7", .what = sent.what, .created_at = sent.created_at};
    m.what.time = sent.what.time.value_or(sent.created_at);
    m.what.metadata_json = R"({"added":"by the cloud"})";
    return m;
}

new_memory saying(std::string content) {
    return memory_for("ada", made_id, std::move(content));
}

struct strays_fixture : outbox_fixture {
    bool is_stray(const memory& m) {
        const auto found = run((*this)->find_strays({m}));
        REQUIRE(found.size() == 1);
        return found[0];
    }
    bool is_stray(const new_memory& sent) { return is_stray(shown(sent)); }
    // Its answer was lost.
    void send_in_vain(kind what = kind::retry) { settle(settle_as(claim_entry(), what)); }
    void amend(memory_patch patch) {
        REQUIRE(run((*this)->amend_memory(made_id, std::move(patch))));
    }
};

TEST_CASE("what was deleted after an attempt without an answer is a stray, and stays one") {
    strays_fixture s;
    const auto call = GENERATE(cc::store, cc::sync);
    s.queue(saying("tea"), {.call = call});
    s.send_in_vain();
    CHECK_FALSE(s.is_stray(saying("tea")));  // it still waits
    CHECK(s.remove(made_id).value() == cloud_copy::retained);
    CHECK(s.is_stray(saying("tea")));
    s.open();
    CHECK(s.is_stray(saying("tea")));
}

TEST_CASE("a stray is told by its text, its time and whose it is") {
    strays_fixture s;
    s.queue(saying("tea"));
    s.send_in_vain();
    REQUIRE(s.remove(made_id));
    CHECK_FALSE(s.is_stray(saying("milk")));
    auto later = saying("tea");
    later.created_at += std::chrono::microseconds(1);
    CHECK_FALSE(s.is_stray(later));
    auto of_bob = saying("tea");
    of_bob.what.user_id = "bob";
    CHECK_FALSE(s.is_stray(of_bob));
    CHECK(s.run(s->find_strays({shown(saying("milk")), shown(saying("tea"))})) ==
          std::vector{false, true});
}

TEST_CASE("what has not arrived, or is known by its id, is no stray") {
    strays_fixture s;
    SECTION("never sent") {
        s.queue(saying("tea"));
    }
    SECTION("the first attempt found no connection") {
        s.queue(saying("tea"), {.idempotency_key = "key", .may_have_arrived = false});
    }
    SECTION("refused") {
        s.queue(saying("tea"));
        s.send_in_vain(kind::refused);
    }
    SECTION("the cloud told the id") {
        s.queue(saying("tea"));
        s.send_all();
    }
    REQUIRE(s.remove(made_id));
    CHECK_FALSE(s.is_stray(saying("tea")));
}

TEST_CASE("a first attempt that has not arrived leaves nothing in the cloud to be deleted") {
    strays_fixture s;
    s.queue(saying("tea"), {.idempotency_key = "key", .may_have_arrived = false});
    CHECK(s.claim_entry().idempotency_key == "key");
    s.open();
    s.queue(memory_for("bob", "m2"), {.idempotency_key = "key 2", .may_have_arrived = false});
    CHECK(s.remove("m2").value() == cloud_copy::none);
}

TEST_CASE("what a memory was is a stray, what it is is none") {
    strays_fixture s;
    s.queue(saying("tea"));
    s.send_in_vain();
    SECTION("another text") {
        s.amend({.content = "milk"});
        CHECK(s.is_stray(saying("tea")));
        CHECK_FALSE(s.is_stray(saying("milk")));
        s.amend({.content = "tea"});
        CHECK_FALSE(s.is_stray(saying("tea")));
    }
    SECTION("by a sync of its id") {
        s.upsert(saying("milk"), outbound{.call = cc::store});
        CHECK(s.is_stray(saying("tea")));
        CHECK_FALSE(s.is_stray(saying("milk")));
    }
    SECTION("the same text with other fields") {
        s.amend({.metadata_json = R"({"a":1})", .archived = true});
        CHECK_FALSE(s.is_stray(saying("tea")));
    }
}

TEST_CASE("where the cloud tells memories by our ids it has no second one of a changed memory") {
    strays_fixture s;
    s.queue(saying("tea"), {.call = cc::sync});
    s.send_in_vain();
    s.amend({.content = "milk"});
    CHECK_FALSE(s.is_stray(saying("tea")));
}

TEST_CASE("what is wanted again is no stray any more") {
    strays_fixture s;
    s.queue(saying("tea"));
    s.send_in_vain();
    REQUIRE(s.remove(made_id));
    REQUIRE(s.is_stray(saying("tea")));
    SECTION("stored here") {
        auto again = saying("tea");
        again.id = "m2";
        s.queue(again);
    }
    SECTION("imported") {
        auto again = saying("tea");
        again.id = "m2";
        REQUIRE(s.run(s->import_memories({again}, {})));
    }
    SECTION("stored by the cloud") {
        s.run(s->forget_stray(saying("milk").what, saying("milk").created_at));
        CHECK(s.is_stray(saying("tea")));
        s.run(s->forget_stray(saying("tea").what, saying("tea").created_at));
    }
    CHECK_FALSE(s.is_stray(saying("tea")));
    CHECK(s.count("SELECT count(*) FROM strays") == 0);
}

TEST_CASE("a change that fails leaves no stray, and forgets none") {
    strays_fixture s;
    s->bound_queue(1000);
    s.queue(saying("tea"));
    s.send_in_vain();
    CHECK(s.run(s->amend_memory(made_id, {.content = std::string(2000, 'x')})).error().code ==
          errc::full);
    CHECK_FALSE(s.is_stray(saying("tea")));
    CHECK(s.count("SELECT count(*) FROM strays") == 0);
}

}  // namespace
}  // namespace memorypro::store
