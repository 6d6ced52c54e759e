// Webhook deliveries: durable, known for seven days, processed once.
#include "store/insight_fixture.hpp"

namespace memorypro::store {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

const std::string large_body(20'000, 'x');

bool all_indexed(insight_fixture& s) {
    return test::eventually([&] { return s.count("SELECT count(*) FROM inbox_processed") == 0; });
}

TEST_CASE("a delivery is new once, and waits as it came") {
    insight_fixture s;
    CHECK(s.accept("d1", R"({"a":1})"));
    s.clock.advance(1s);
    CHECK_FALSE(s.accept("d1", R"({"another":"body"})"));
    CHECK(s.accept("d2"));
    const auto waiting = s.run(s->waiting_deliveries(10));
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].id == "d1");
    CHECK(waiting[0].body == R"({"a":1})");
    CHECK(waiting[0].received_at == test::at("2025-01-08T12:00:00Z"));
    CHECK(waiting[1].id == "d2");
}

TEST_CASE("the same delivery a hundred times at once is new once") {
    insight_fixture s;
    std::vector<std::shared_ptr<test::outcome<result<bool>>>> started;
    for (int i = 0; i < 300; ++i)
        started.push_back(
            test::start(s.loop, s->accept_delivery({"d" + std::to_string(i % 3), "{}", {}})));
    int fresh = 0;
    for (const auto& one : started)
        fresh += test::finish(s.loop, one).value() ? 1 : 0;
    CHECK(fresh == 3);
    CHECK(s.waiting() == ids{"d0", "d1", "d2"});
}

TEST_CASE("deliveries wait oldest first, up to a number and about a mebibyte, at least one") {
    insight_fixture s;
    for (int i = 0; i < 4; ++i)
        s.accept("d" + std::to_string(i));
    CHECK(s.waiting(3) == ids{"d0", "d1", "d2"});
    s.finish({"d0", "d1", "d2", "d3"});
    for (int i = 4; i < 8; ++i)
        s.accept("d" + std::to_string(i), std::string(600 << 10, 'x'));
    CHECK(s.waiting() == ids{"d4", "d5"});
    s.finish({"d4", "d5", "d6", "d7"});
    s.accept("d8", std::string(3 << 20, 'x'));
    s.accept("d9");
    CHECK(s.waiting() == ids{"d8"});
}

TEST_CASE("a processed delivery leaves nothing but that it is known") {
    insight_fixture s;
    s.accept("d1");
    s.accept("d2");
    s.accept("d3");
    s.finish({"d2", "d1"});
    CHECK(s.waiting() == ids{"d3"});
    CHECK_FALSE(s.accept("d1"));
    CHECK(s.count("SELECT count(*) FROM inbox") == 1);
    REQUIRE(all_indexed(s));
    CHECK(s.count("SELECT count(*) FROM inbox_digests") == 2);
    const bool again = GENERATE(false, true);
    if (again) s.open();
    CHECK_FALSE(s.accept("d1"));
    CHECK_FALSE(s.accept("d2"));
    CHECK_FALSE(s.accept("d3"));
    s.finish({"d1", "never heard of", "d1"});
    CHECK(s.waiting() == ids{"d3"});
}

TEST_CASE("what was accepted before a kill is processed after it, what was processed is not") {
    insight_fixture s;
    s.accept("d1", R"({"a":1})");
    s.accept("d2");
    s.finish({"d2"});
    s.kill();
    const auto waiting = s.run(s->waiting_deliveries(10));
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].body == R"({"a":1})");
    CHECK_FALSE(s.accept("d1"));
    CHECK_FALSE(s.accept("d2"));
    CHECK(s.accept("d3"));
    s.finish({"d1"});
    CHECK(s.waiting() == ids{"d3"});
    CHECK(s.soundness() == "ok");
}

TEST_CASE("a delivery is known for seven days from when it was received") {
    insight_fixture s;
    s.accept("d1");
    s.accept("waits");
    s.finish({"d1"});
    REQUIRE(all_indexed(s));
    s.clock.advance(days(7));
    CHECK_FALSE(s.accept("d1"));
    s.clock.advance(1us);
    CHECK_FALSE(s.accept("waits"));
    CHECK(s.accept("d1"));
    s.finish({"d1"});
    REQUIRE(all_indexed(s));
    CHECK_FALSE(s.accept("d1"));
}

TEST_CASE("what is known for longer is dropped when there is nothing else to do") {
    insight_fixture s;
    ids many;
    for (int i = 0; i < 2500; ++i)
        many.push_back("d" + std::to_string(i));
    std::vector<std::shared_ptr<test::outcome<result<bool>>>> started;
    for (const auto& id : many)
        started.push_back(test::start(s.loop, s->accept_delivery({id, "{}", s.clock.now()})));
    for (const auto& one : started)
        test::finish(s.loop, one);
    s.finish(many);
    REQUIRE(all_indexed(s));
    CHECK(s.count("SELECT count(*) FROM inbox_digests") == 2500);
    s.clock.advance(days(5));
    s.accept("newer");
    s.finish({"newer"});
    REQUIRE(all_indexed(s));
    CHECK(s.count("SELECT count(*) FROM inbox_digests") == 2501);
    s.clock.advance(days(3));
    s.accept("newest");
    s.finish({"newest"});
    CHECK(test::eventually([&] { return s.count("SELECT count(*) FROM inbox_digests") == 2; }));
    CHECK_FALSE(s.accept("newer"));
}

TEST_CASE("no more deliveries wait than there is room for; a refused one is new later") {
    insight_fixture s({.most_inbox_bytes = 3000});
    CHECK(s.accept("d1", std::string(1500, 'x')));
    CHECK(s.accept("d2"));
    CHECK(s.accept("d3"));
    const bool again = GENERATE(false, true);
    if (again) s.open(s.how);
    const auto refused = s.try_accept("d4");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::overloaded);
    CHECK(refused.error().retry_after);
    CHECK_FALSE(s.accept("d1"));  // room or not, it is known
    s.finish({"d1"});
    CHECK(s.accept("d4"));
    CHECK(s.waiting() == ids{"d2", "d3", "d4"});
}

TEST_CASE("a full disk refuses deliveries and keeps what it took") {
    insight_fixture s({.most_pages = 200});
    ids taken;
    for (int i = 0; taken.size() == std::size_t(i) && i < 1000; ++i) {
        const auto id = "d" + std::to_string(i);
        const auto answer = s.try_accept(id, large_body);
        if (answer) taken.push_back(id);
        if (!answer) CHECK(answer.error().code == errc::full);
    }
    REQUIRE(taken.size() > 10);
    const auto refused = "d" + std::to_string(taken.size());
    CHECK(s.waiting() == taken);
    s.finish({taken[0], taken[1]});
    CHECK(s.accept(refused, large_body));
    CHECK_FALSE(s.accept(refused, large_body));
    CHECK_FALSE(s.accept(taken[0]));
    CHECK(s.soundness() == "ok");
}

TEST_CASE("deliveries at once into a full database are each told the truth") {
    insight_fixture s({.most_pages = 200});
    std::vector<std::shared_ptr<test::outcome<result<bool>>>> started;
    for (int i = 0; i < 200; ++i)
        started.push_back(test::start(
            s.loop, s->accept_delivery({"d" + std::to_string(i), large_body, s.clock.now()})));
    ids taken;
    ids refused;
    for (std::size_t i = 0; i < started.size(); ++i) {
        const auto answer = test::finish(s.loop, started[i]);
        (answer ? taken : refused).push_back("d" + std::to_string(i));
    }
    REQUIRE(refused.size() > 10);
    CHECK(s.waiting() == taken);
    s.finish(taken);
    for (const auto& id : refused) {
        CAPTURE(id);
        CHECK(s.accept(id));
    }
    CHECK(s.waiting() == refused);
}

TEST_CASE("a delivery is processed with its items or not at all") {
    insight_fixture s({.most_pages = 200});
    s.accept("d1");
    const auto small = item_of(insight_kind::unknown, "small");
    const auto huge = item_of(insight_kind::unknown, std::string(4 << 20, 'x'));
    const auto failed = s.run(s->record_insights({small, huge}, insight_source::push, {"d1"}, {}));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == errc::full);
    CHECK(s.waiting() == ids{"d1"});
    CHECK(s.log().items.empty());
    CHECK_FALSE(s.accept("d1"));
    const auto done = s.record({small}, insight_source::push, {"d1"});
    CHECK(done.at(0).is_new);
    CHECK(s.waiting().empty());
    s.kill();
    CHECK(s.waiting().empty());
    CHECK_FALSE(s.record({small}, insight_source::push, {"d1"}).at(0).is_new);
}

}  // namespace
}  // namespace memorypro::store
