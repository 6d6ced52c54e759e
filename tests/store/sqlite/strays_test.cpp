// What the cloud may have under an id that it never told, of memories that are gone or changed.
#include "store/outbox_fixture.hpp"

namespace memorypro::store {
namespace {

using cc = cloud_call;

new_memory saying(std::string content) {
    return memory_for("ada", made_id, std::move(content));
}

// As the cloud shows what it was sent.
memory shown(const new_memory& sent) {
    memory m{.id = "mem_7", .what = sent.what, .created_at = test::at("2026-01-01T00:00:00Z")};
    m.what.time = sent.what.time.value_or(sent.created_at);
    m.what.metadata_json = R"({"added":"by the cloud"})";
    return m;
}

struct strays_fixture : outbox_fixture {
    bool is_stray(const new_memory& sent) {
        const auto found = run((*this)->find_strays({shown(sent)}));
        REQUIRE(found.size() == 1);
        CHECK((*this)->has_strays() == (count("SELECT count(*) FROM strays") > 0));
        return found[0];
    }
    void send_in_vain(kind what = kind::retry) { settle(settle_as(claim_entry(), what)); }
    void amend(memory_patch patch) {
        REQUIRE(run((*this)->amend_memory(made_id, std::move(patch))));
    }
};

TEST_CASE("what was deleted after an attempt without an answer is a stray, and stays one") {
    strays_fixture s;
    s.queue(saying("tea"), {.call = GENERATE(cc::store, cc::sync)});
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
    for (const auto part :
         {&memory_content::user_id, &memory_content::agent_id, &memory_content::session_id}) {
        auto of_bob = saying("tea");
        of_bob.what.*part = "bob";
        CHECK_FALSE(s.is_stray(of_bob));
    }
    CHECK(s.run(s->find_strays({shown(saying("milk")), shown(saying("tea"))})) ==
          std::vector{false, true});
}

TEST_CASE("what has not arrived, or is known by its id, is no stray") {
    strays_fixture s;
    s.queue(saying("tea"));
    SECTION("never sent") {}
    SECTION("refused") {
        s.send_in_vain(kind::refused);
    }
    SECTION("the cloud told the id") {
        s.send_all();
    }
    REQUIRE(s.remove(made_id));
    CHECK_FALSE(s.is_stray(saying("tea")));
}

TEST_CASE("a text whose time the caller gave is no stray: another memory may say the same") {
    strays_fixture s;
    auto given = saying("tea");
    given.what.time = test::at("2025-01-08T00:00:00Z");
    s.queue(given);
    s.send_in_vain();
    REQUIRE(s.remove(made_id));
    CHECK_FALSE(s.is_stray(given));
}

TEST_CASE("what a memory was is a stray from its change on") {
    strays_fixture s;
    s.queue(saying("tea"), {.call = GENERATE(cc::store, cc::sync)});
    s.send_in_vain();
    SECTION("by a patch") {
        s.amend({.content = "milk"});
    }
    SECTION("by a sync of its id") {
        s.upsert(saying("milk"), outbound{.call = cc::sync});
    }
    SECTION("by a sync that says the same, under another key") {
        s.upsert(saying("tea"), outbound{.call = cc::sync, .idempotency_key = "another"});
        s.amend({.metadata_json = R"({"a":1})"});
    }
    SECTION("of other fields than its text") {
        s.amend({.metadata_json = R"({"a":1})"});
    }
    CHECK(s.is_stray(saying("tea")));
    CHECK_FALSE(s.is_stray(saying("milk")));
}

TEST_CASE("what hides a memory here changes nothing in the cloud") {
    strays_fixture s;
    s.queue(saying("tea"));
    s.send_in_vain();
    s.amend({.archived = true});
    CHECK_FALSE(s.is_stray(saying("tea")));
}

TEST_CASE("a memory that was sent again under a new key, and deleted, is a stray") {
    strays_fixture s;
    s.queue(saying("tea"));
    SECTION("after a life before") {
        s.send_all(after_sync::drop_copy);
        REQUIRE(s.remove(made_id));
        REQUIRE(s.run(s->import_memories({saying("tea")}, outbound{}))->at(0) == imported::created);
    }
    SECTION("after a change on its way") {
        const auto entry = s.claim_entry();
        s.amend({.metadata_json = R"({"a":1})"});
        s.settle(settle_as(entry, kind::done));
    }
    s.send_in_vain();
    REQUIRE(s.remove(made_id));
    CHECK(s.is_stray(saying("tea")));
}

TEST_CASE("a cloud that takes a memory and tells no id has no stray until it is deleted") {
    strays_fixture s;
    s.queue(saying("tea"), {.call = cc::sync});
    s.send_in_vain();
    s.amend({.metadata_json = R"({"a":1})"});
    REQUIRE(s.is_stray(saying("tea")));
    auto done = settle_as(s.claim_entry(), kind::done);
    done.cloud_id.reset();
    s.settle(done);
    CHECK_FALSE(s.is_stray(saying("tea")));
    REQUIRE(s.remove(made_id));
    CHECK(s.is_stray(saying("tea")));
}

TEST_CASE("what the cloud took without telling an id is a stray once it says something else") {
    strays_fixture s;
    s.queue(saying("tea"), {.call = cc::sync});
    auto done = settle_as(s.claim_entry(), kind::done);
    done.cloud_id.reset();
    s.settle(done);
    s.amend({.tags_json = R"(["late"])"});
    CHECK_FALSE(s.is_stray(saying("tea")));
    s.amend({.content = "milk"});
    CHECK(s.run(s->find_strays({shown(saying("tea"))})).at(0));
}

TEST_CASE("a change that fails leaves no stray, and forgets none") {
    strays_fixture s;
    s.queue(saying("tea"), {.call = cc::sync});
    s.send_in_vain();
    SECTION("leaves") {
        s.close();
        {
            sqlite::connection db(s.database(), sqlite::connection::access::read_write);
            db.execute(
                "CREATE TRIGGER no BEFORE UPDATE ON memories BEGIN"
                " SELECT raise(ABORT, 'no'); END");
        }
        s.open();
        CHECK_THROWS(s.run(s->amend_memory(made_id, {.content = "milk"})));
        CHECK_FALSE(s->has_strays());
        CHECK_FALSE(s.is_stray(saying("tea")));
    }
    SECTION("forgets") {
        s.amend({.metadata_json = R"({"a":1})"});
        auto done = settle_as(s.claim_entry(), kind::done);
        done.cloud_id.reset();
        s.close();
        {
            sqlite::connection db(s.database(), sqlite::connection::access::read_write);
            db.execute(
                "CREATE TRIGGER no BEFORE DELETE ON outbox BEGIN"
                " SELECT raise(ABORT, 'no'); END");
        }
        s.open();
        CHECK_THROWS(s.settle(done));
        CHECK(s->has_strays());
        CHECK(s.is_stray(saying("tea")));
    }
}

}  // namespace
}  // namespace memorypro::store
