#include "cloud/circuit.hpp"

#include "support/catch.hpp"

namespace memorypro::cloud {
namespace {

using namespace std::chrono_literals;
using caller = circuit::caller;
using time_point = circuit::time_point;

const judgement failed_call{verdict::retry};
const judgement success{verdict::done};
const judgement refusal{verdict::refused};
const judgement bad_credentials{verdict::paused};

judgement asking_for(std::chrono::seconds wait, verdict what = verdict::retry) {
    return {.what = what, .retry_after = wait};
}

struct circuit_fixture {
    circuit breaker;
    time_point now{1h};

    std::optional<circuit::pass> admit(caller who = caller::background) {
        CHECK(breaker.would_admit(who, now) == circuit(breaker).admit(who, now).has_value());
        return breaker.admit(who, now);
    }

    circuit::pass admitted(caller who = caller::background) {
        const auto pass = admit(who);
        REQUIRE(pass);
        return *pass;
    }

    void report(circuit::pass pass, const judgement& made, bool hung = false, double jitter = 1.0) {
        breaker.report(pass, made, hung, now, jitter);
    }

    void call(const judgement& made, bool hung = false, double jitter = 1.0) {
        report(admitted(), made, hung, jitter);
    }

    void open() {
        for (int i = 0; i < circuit::failures_to_open; ++i)
            call(failed_call);
        REQUIRE(breaker.current() == circuit::state::open);
    }

    // How far ahead the next probe is.
    std::chrono::milliseconds wait() const {
        REQUIRE(breaker.probe_at());
        return std::chrono::floor<std::chrono::milliseconds>(*breaker.probe_at() - now);
    }

    void until_probe() { now = *breaker.probe_at(); }
};

TEST_CASE("a new circuit is closed and lets every call out") {
    circuit_fixture f;
    CHECK(f.breaker.current() == circuit::state::closed);
    CHECK_FALSE(f.breaker.paused());
    CHECK(f.breaker.probe_at() == std::nullopt);
    for (const auto who : {caller::background, caller::foreground})
        for (int i = 0; i < 100; ++i)
            CHECK(f.admit(who));
}

TEST_CASE("the fifth failure in a row opens the circuit") {
    circuit_fixture f;
    for (int i = 0; i < 4; ++i) {
        f.call(failed_call);
        CHECK(f.breaker.current() == circuit::state::closed);
    }
    f.call(failed_call);
    CHECK(f.breaker.current() == circuit::state::open);
    CHECK_FALSE(f.breaker.paused());
    CHECK(f.wait() == 1s);
    CHECK_FALSE(f.admit());
}

TEST_CASE("a success, and a refusal too, ends a row of failures") {
    for (const auto& answered : {success, refusal}) {
        circuit_fixture f;
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 4; ++i)
                f.call(failed_call);
            f.call(answered);
            CHECK(f.breaker.current() == circuit::state::closed);
        }
    }
}

TEST_CASE("a call that ran into its deadline opens the circuit at once") {
    circuit_fixture f;
    f.call(failed_call, true);
    CHECK(f.breaker.current() == circuit::state::open);
    CHECK(f.wait() == 1s);
}

TEST_CASE("an open circuit lets nothing out before the probe's time, then one call") {
    circuit_fixture f;
    f.open();
    f.now += 999ms;
    CHECK_FALSE(f.admit());
    f.now += 1ms;
    const auto probe = f.admitted();
    CHECK(f.breaker.current() == circuit::state::half_open);
    CHECK(f.breaker.probe_at() == std::nullopt);
    f.now += 1h;
    CHECK_FALSE(f.admit());
    CHECK_FALSE(f.admit(caller::foreground));
    f.report(probe, success);
    CHECK(f.breaker.current() == circuit::state::closed);
    CHECK(f.admit());
}

TEST_CASE("a probe that is refused closes the circuit: the cloud answers") {
    circuit_fixture f;
    f.open();
    f.until_probe();
    f.call(refusal);
    CHECK(f.breaker.current() == circuit::state::closed);
}

TEST_CASE("a probe that fails opens the circuit again, for longer each time") {
    circuit_fixture f;
    f.open();
    for (const auto wait : {2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        f.until_probe();
        f.call(failed_call);
        CHECK(f.breaker.current() == circuit::state::open);
        CHECK(f.wait() == wait);
        CHECK_FALSE(f.admit());
    }
}

TEST_CASE("after a success the circuit starts over") {
    circuit_fixture f;
    f.open();
    f.until_probe();
    f.call(failed_call);
    f.until_probe();
    f.call(success);
    for (int i = 0; i < 4; ++i)
        f.call(failed_call);
    CHECK(f.breaker.current() == circuit::state::closed);
    f.call(failed_call);
    CHECK(f.wait() == 1s);
}

TEST_CASE("jitter spreads the probes") {
    circuit_fixture f;
    f.call(failed_call, true, 0.25);
    CHECK(f.wait() == 250ms);
    f.until_probe();
    f.call(failed_call, false, 0.0);
    CHECK(f.wait() == 0ms);
    CHECK(f.admit());
}

TEST_CASE("the probe waits as long as the cloud asks") {
    circuit_fixture f;
    for (int i = 0; i < 4; ++i)
        f.call(failed_call);
    f.call(asking_for(90s));
    CHECK(f.wait() == 90s);
    f.until_probe();
    f.call(asking_for(120s));
    CHECK(f.wait() == 120s);
    f.until_probe();
    f.call(asking_for(1s));
    CHECK(f.wait() == 4s);
}

TEST_CASE("a Retry-After alone does not open the circuit") {
    circuit_fixture f;
    f.call(asking_for(90s));
    CHECK(f.breaker.current() == circuit::state::closed);
    CHECK(f.admit());
}

TEST_CASE("refused credentials pause all calls at once, with a probe a minute") {
    circuit_fixture f;
    f.call(bad_credentials);
    for (int i = 0; i < 5; ++i) {
        CHECK(f.breaker.paused());
        CHECK(f.breaker.current() == circuit::state::open);
        CHECK(f.wait() == 60s);
        CHECK_FALSE(f.admit());
        f.until_probe();
        const auto probe = f.admitted();
        CHECK(f.breaker.paused());
        CHECK(f.breaker.current() == circuit::state::half_open);
        f.report(probe, bad_credentials, false, 0.0);
    }
    f.until_probe();
    f.call(success);
    CHECK_FALSE(f.breaker.paused());
    CHECK(f.breaker.current() == circuit::state::closed);
}

TEST_CASE("a pause obeys a Retry-After that is longer than a minute") {
    circuit_fixture f;
    f.call(asking_for(300s, verdict::paused));
    CHECK(f.wait() == 300s);
    f.until_probe();
    f.call(asking_for(5s, verdict::paused));
    CHECK(f.wait() == 60s);
}

TEST_CASE("the last failure that counts says whether the credentials were refused") {
    circuit_fixture f;
    f.open();
    f.until_probe();
    f.call(bad_credentials);
    CHECK(f.breaker.paused());
    CHECK(f.wait() == 60s);
    f.until_probe();
    f.call(failed_call);
    CHECK_FALSE(f.breaker.paused());
    CHECK(f.wait() == 2s);
    f.until_probe();
    f.call(bad_credentials);
    CHECK(f.breaker.paused());
    f.until_probe();
    f.call(refusal);
    CHECK_FALSE(f.breaker.paused());
}

TEST_CASE("a pause does not lengthen the waits of an outage after it") {
    circuit_fixture f;
    for (int i = 0; i < 10; ++i) {
        f.call(bad_credentials);
        f.until_probe();
    }
    f.call(failed_call);
    CHECK(f.wait() == 1s);
}

TEST_CASE("a probe that is abandoned lets the next one out at once") {
    circuit_fixture f;
    f.open();
    f.until_probe();
    f.breaker.abandon(f.admitted());
    CHECK(f.breaker.current() == circuit::state::open);
    CHECK(f.breaker.probe_at() <= f.now);
    f.call(failed_call);
    CHECK(f.wait() == 2s);
}

TEST_CASE("an abandoned call that was no probe changes nothing") {
    circuit_fixture f;
    const auto first = f.admitted();
    const auto second = f.admitted();
    const auto third = f.admitted();
    f.breaker.abandon(first);
    CHECK(f.breaker.current() == circuit::state::closed);
    f.open();
    const auto probe_at = f.breaker.probe_at();
    f.breaker.abandon(second);
    CHECK(f.breaker.probe_at() == probe_at);
    f.until_probe();
    const auto probe = f.admitted();
    f.breaker.abandon(third);
    CHECK(f.breaker.current() == circuit::state::half_open);
    CHECK_FALSE(f.admit());
    f.report(probe, success);
    f.breaker.abandon(probe);
    CHECK(f.breaker.current() == circuit::state::closed);
}

TEST_CASE("abandoning counts neither as failure nor as success") {
    circuit_fixture f;
    for (int i = 0; i < 4; ++i)
        f.call(failed_call);
    f.breaker.abandon(f.admitted());
    CHECK(f.breaker.current() == circuit::state::closed);
    f.call(failed_call);
    CHECK(f.breaker.current() == circuit::state::open);
}

TEST_CASE("where the cloud hung, only a call that nobody waits for is the probe") {
    circuit_fixture f;
    f.call(failed_call, true);
    f.until_probe();
    CHECK_FALSE(f.admit(caller::foreground));
    CHECK(f.breaker.current() == circuit::state::open);
    f.breaker.abandon(f.admitted());
    CHECK_FALSE(f.admit(caller::foreground));
    f.call(failed_call, true);
    f.until_probe();
    CHECK_FALSE(f.admit(caller::foreground));
    f.call(failed_call);  // it fails fast now
    f.until_probe();
    f.report(f.admitted(caller::foreground), success);
    CHECK(f.admit(caller::foreground));
}

TEST_CASE("asked to, the circuit lets the next call out whoever makes it") {
    for (const auto who : {caller::background, caller::foreground}) {
        for (const bool hung : {false, true}) {
            circuit_fixture f;
            f.open();
            f.until_probe();
            f.call(failed_call, hung);
            REQUIRE_FALSE(f.admit(who));
            f.breaker.probe_now();
            CHECK(f.breaker.current() == circuit::state::open);
            CHECK(f.breaker.probe_at() <= f.now);
            const auto probe = f.admitted(who);
            CHECK(f.breaker.current() == circuit::state::half_open);
            CHECK_FALSE(f.admit(who));
            f.report(probe, failed_call, hung);
            CHECK(f.wait() == 4s);
            CHECK_FALSE(f.admit(who));
            f.until_probe();
            CHECK(f.admit(caller::foreground).has_value() != hung);
        }
    }
}

TEST_CASE("asked to, a pause ends with the next call") {
    circuit_fixture f;
    f.call(bad_credentials);
    f.breaker.probe_now();
    CHECK(f.breaker.paused());
    f.call(success);
    CHECK_FALSE(f.breaker.paused());
    CHECK(f.breaker.current() == circuit::state::closed);
}

TEST_CASE("asking a closed circuit changes nothing") {
    circuit_fixture f;
    f.breaker.probe_now();
    CHECK(f.breaker.current() == circuit::state::closed);
    CHECK(f.breaker.probe_at() == std::nullopt);
    f.call(failed_call, true);
    f.until_probe();
    CHECK_FALSE(f.admit(caller::foreground));
}

TEST_CASE("asked to while a probe is out, the circuit lets another out and forgets the first") {
    circuit_fixture f;
    f.open();
    f.until_probe();
    const auto first = f.admitted();
    f.breaker.probe_now();
    const auto second = f.admitted();
    CHECK_FALSE(f.admit());
    f.report(first, bad_credentials);
    CHECK(f.breaker.current() == circuit::state::half_open);
    CHECK_FALSE(f.breaker.paused());
    f.breaker.abandon(first);
    CHECK(f.breaker.current() == circuit::state::half_open);
    f.report(second, failed_call);
    CHECK(f.wait() == 2s);
}

TEST_CASE("a failure of before it was asked to does not hold back who was let out") {
    circuit_fixture f;
    const auto late = f.admitted();
    f.open();
    f.breaker.probe_now();
    f.report(late, asking_for(300s));
    CHECK(f.admit());
}

TEST_CASE("late failures neither count nor move the probe") {
    circuit_fixture f;
    const auto late = f.admitted();
    f.open();
    f.now += 500ms;
    for (int i = 0; i < 20; ++i)
        f.report(late, failed_call, true);
    f.report(late, bad_credentials);
    CHECK_FALSE(f.breaker.paused());
    CHECK(f.wait() == 500ms);
    f.until_probe();
    f.report(f.admitted(caller::foreground), failed_call);
    CHECK(f.wait() == 2s);
}

TEST_CASE("a late failure's Retry-After is obeyed") {
    circuit_fixture f;
    const auto late = f.admitted();
    f.open();
    f.report(late, asking_for(30s));
    CHECK(f.wait() == 30s);
    f.report(late, asking_for(10s));
    CHECK(f.wait() == 30s);
    f.report(late, asking_for(std::chrono::seconds::max()));
    CHECK(f.wait() == 24h);
    f.until_probe();
    f.call(failed_call);
    CHECK(f.wait() == 2s);
}

TEST_CASE("a late failure is not taken for the probe's") {
    circuit_fixture f;
    const auto late = f.admitted();
    f.open();
    f.until_probe();
    const auto probe = f.admitted();
    f.report(late, asking_for(30s), true);
    f.report(late, bad_credentials);
    CHECK(f.breaker.current() == circuit::state::half_open);
    f.report(probe, success);
    CHECK(f.breaker.current() == circuit::state::closed);
}

TEST_CASE("a late success closes the circuit, and the probe's failure is then late itself") {
    for (const bool half_open : {false, true}) {
        circuit_fixture f;
        const auto late = f.admitted();
        f.open();
        std::optional<circuit::pass> probe;
        if (half_open) {
            f.until_probe();
            probe = f.admitted();
        }
        f.report(late, success);
        CHECK(f.breaker.current() == circuit::state::closed);
        CHECK(f.admit());
        if (probe) f.report(*probe, failed_call);
        for (int i = 0; i < 4; ++i)
            f.call(failed_call);
        CHECK(f.breaker.current() == circuit::state::closed);
        f.call(failed_call);
        CHECK(f.wait() == 1s);
    }
}

TEST_CASE("a failure of before the outage does not open the circuit again after it") {
    for (const auto& made : {failed_call, bad_credentials}) {
        circuit_fixture f;
        const auto first = f.admitted();
        const auto second = f.admitted();
        f.report(first, failed_call, true);
        f.until_probe();
        f.call(success);
        REQUIRE(f.breaker.current() == circuit::state::closed);
        f.report(second, made, made.what == verdict::retry);
        for (int i = 0; i < 4; ++i)
            f.call(failed_call);
        CHECK(f.breaker.current() == circuit::state::closed);
    }
}

TEST_CASE("a deadline says nothing where the cloud has answered another call meanwhile") {
    for (const auto& answered : {success, refusal}) {
        circuit_fixture f;
        const auto slow = f.admitted();
        f.call(answered);
        const auto hung = f.admitted();
        for (int i = 0; i < 10; ++i)
            f.report(slow, failed_call, true);
        CHECK(f.breaker.current() == circuit::state::closed);
        f.report(hung, failed_call, true);
        CHECK(f.breaker.current() == circuit::state::open);
    }
}

TEST_CASE("what was asked for is forgotten when the circuit closes before it was used") {
    circuit_fixture f;
    const auto late = f.admitted();
    f.open();
    f.breaker.probe_now();
    f.report(late, success);
    f.call(failed_call, true);
    f.until_probe();
    CHECK_FALSE(f.admit(caller::foreground));
}

TEST_CASE("the time of the next probe can always be subtracted from now") {
    circuit_fixture f;
    f.open();
    f.breaker.probe_now();
    CHECK(f.wait() <= 0ms);
    f.breaker.abandon(f.admitted());
    CHECK(f.wait() <= 0ms);
}

}  // namespace
}  // namespace memorypro::cloud
