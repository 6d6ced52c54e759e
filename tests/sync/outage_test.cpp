// A cloud that is away, refuses the credentials, or asks for patience.
#include "sync/fixture.hpp"

namespace memorypro::sync {
namespace {

using namespace std::chrono_literals;

const cloud::no_answer away{cloud::no_answer::reason::not_connected, "nobody listens"};

TEST_CASE("in an outage one row at a time is tried, and its success sends all the others") {
    fixture f;
    f.whatever = cloud::answer{503};
    f.holds = true;
    for (const auto* user : {"a", "b", "c", "d", "e", "f", "g"})
        for (int i = 0; i < 3; ++i)
            f.queue(user, user + std::to_string(i));
    f.start();
    f.until([&] { return f.hanging() == 7; });
    for (int i = 0; i < 7; ++i)
        f.network.release();
    for (int probes = 0; probes < 5; ++probes) {
        f.until([&] { return f.hanging() == 1; });
        f.calm();
        CHECK(f.hanging() == 1);
        CHECK(f.client.health().state == cloud::state::offline);
        if (probes < 4) f.network.release();
    }
    f.whatever.reset();
    f.holds = false;
    f.network.release();  // the last 503
    f.until([&] { return f.drained(); });
    CHECK(f.client.health().state == cloud::state::online);
    CHECK(f.counted.sync_done.Value() == 21);
    CHECK(f.totals().dead == 0);
}

TEST_CASE("a row that the cloud cannot take is not the only one that is tried while it is away") {
    fixture f;
    f.answers["a1"] = {500};
    f.queue("a", "a1");
    f.start();
    f.until([&] { return f.client.health().state == cloud::state::offline; });
    f.queue("b", "b1");
    f.clock.advance(1s);  // what fails from now on comes after it
    f.until([&] { return f.totals().pending + f.totals().in_flight == 1; });
    CHECK(f.counted.sync_done.Value() == 1);
    CHECK(f.only_item().memory_id == "a1");
}

// What somebody else's calls have learned: the poller's, say.
void go_offline(fixture& f) {
    f.whatever = away;
    for (int i = 0; i < cloud::circuit::failures_to_open; ++i)
        CHECK_FALSE(f.run(f.client.insights()));
    REQUIRE(f.client.health().state == cloud::state::offline);
}

TEST_CASE("with nothing to send an outage ends by a question, and then none are asked") {
    fixture f;
    go_offline(f);
    f.start();
    f.whatever.reset();
    f.until([&] { return f.client.health().state == cloud::state::online; });
    const auto questions = f.questions();
    f.news.ring();
    f.calm();
    CHECK(f.questions() == questions);
    CHECK(f.writes().empty());
}

TEST_CASE("a cloud without insights, or with broken ones, ends an outage by its answer") {
    fixture f;
    go_offline(f);
    f.whatever = cloud::answer{GENERATE(404U, 403U, 429U, 500U)};
    f.start();
    f.until([&] { return f.client.health().state == cloud::state::online; });
}

TEST_CASE("while nothing waits and the circuit is closed the cloud is not asked: the poller asks") {
    fixture f;
    f.start();
    f.calm();
    f.news.ring();
    f.calm();
    CHECK(f.questions() == 0);
}

TEST_CASE("refused credentials cost no attempt and lose nothing; new ones send all") {
    fixture f;
    f.whatever = cloud::answer{401};
    for (const auto* id : {"a1", "a2", "a3"})
        f.queue("a", id);
    f.start();
    f.until([&] { return f.client.health().state == cloud::state::auth_failed; });
    f.until([&] { return f.totals().pending == 3; });
    f.calm();
    CHECK(f.writes() == ids{"a1"});
    for (const auto& item : f.run(f->list_outbox({}, {}, 10)).items)
        CHECK(item.attempts == 0);
    CHECK(f.counted.sync_paused.Value() == 1);

    f.whatever.reset();
    f.client.try_now();
    f.until([&] { return f.drained(); });
    CHECK(f.writes() == ids{"a1", "a1", "a2", "a3"});
    CHECK(f.client.health().state == cloud::state::online);
}

TEST_CASE("a Retry-After holds back the scope that was told it") {
    fixture f;
    f.answers["a1"] = {429, "{}", "7"};
    f.queue("a", "a1");
    f.queue("b", "b1");
    f.start();
    f.until([&] { return f.totals().pending == 1 && f.totals().in_flight == 0; });
    CHECK(f.only_item().next_attempt_at == f.clock.now() + 7s);
    CHECK(f.only_item().attempts == 1);
    f.answers.clear();
    f.pass(6s);
    f.calm();
    CHECK(f.sorted_writes() == ids{"a1", "b1"});
    f.pass(1s);
    f.until([&] { return f.drained(); });
    CHECK(f.sorted_writes() == ids{"a1", "a1", "b1"});
}

TEST_CASE("a row whose call ran into its deadline is sent again under the same key") {
    fixture f;
    f.settings.timeout = 0s;
    f.holds = true;
    f.queue("a", "a1");
    f.start();
    f.until([&] { return f.writes().size() == 1 && f.hanging() == 0; });
    f.holds = false;
    f.until([&] { return f.drained(); });
    REQUIRE(f.writes() == ids{"a1", "a1"});
    CHECK(f.key(0) == f.key(1));
}

}  // namespace
}  // namespace memorypro::sync
