// Calls that memories do not need: what their failures do to those that they do.
#include <fmt/format.h>

#include "cloud/client_fixture.hpp"

namespace memorypro::cloud {
namespace {

// Each as often as would open the circuit, were it a store.
template <class Call>
void fail_often(client_fixture& f, Call call) {
    for (int i = 0; i < 2 * circuit::failures_to_open; ++i)
        CHECK_FALSE(f.run(call()));
}

TEST_CASE("a registration or a poll that the cloud answers badly takes no store offline") {
    const bool polls = GENERATE(true, false);
    const auto status = GENERATE(403U, 408U, 429U, 500U, 503U, 302U);
    CAPTURE(polls, status);
    client_fixture f;
    f.cloud.otherwise(answer{status, "{}", "60"});
    const auto words = fmt::format("{}", status);
    for (int i = 0; i < 2 * circuit::failures_to_open; ++i) {
        std::string detail;
        if (polls) {
            const auto got = f.run(f.client.insights());
            REQUIRE_FALSE(got);
            detail = got.error().detail;
        } else {
            const auto got = f.run(f.client.register_webhook("{}"));
            REQUIRE_FALSE(got);
            detail = got.error().detail;
        }
        CHECK(detail.starts_with(words));
    }
    CHECK(f.client.health().circuit == circuit::state::closed);
    CHECK(f.client.health().state == state::online);
    CHECK(f.new_events().empty());
    f.cloud.otherwise(stored_answer);
    CHECK(f.store());
}

TEST_CASE("insights that make no sense, or do not come in time, are no outage") {
    client_fixture f;
    SECTION("not JSON") {
        f.cloud.otherwise(answer{200, "<html>"});
    }
    SECTION("not HTTP") {
        f.cloud.otherwise(no_answer{no_answer::reason::malformed, "not HTTP", true});
    }
    SECTION("too large") {
        f.cloud.otherwise(no_answer{no_answer::reason::too_large, "too large", true});
    }
    SECTION("slow") {
        f.cloud.otherwise(no_answer{no_answer::reason::deadline, "no answer in time", true});
    }
    fail_often(f, [&] { return f.client.insights(); });
    CHECK(f.client.health().circuit == circuit::state::closed);
    CHECK(f.new_events().empty());
}

TEST_CASE("a poll that cannot reach the cloud counts like any other call") {
    client_fixture f;
    f.jitter = 1;
    SECTION("no connection") {
        f.cloud.otherwise(unreachable);
    }
    SECTION("no TLS session") {
        f.cloud.otherwise(no_answer{no_answer::reason::tls, "certificate has expired"});
    }
    SECTION("the connection breaks") {
        f.cloud.otherwise(no_answer{no_answer::reason::broken, "reset", true});
    }
    for (int i = 0; i < circuit::failures_to_open; ++i) {
        CHECK(f.client.health().circuit == circuit::state::closed);
        CHECK_FALSE(f.run(f.client.insights()));
    }
    CHECK(f.client.health().state == state::offline);
}

TEST_CASE("a poll whose time goes by before it is sent opens the circuit at once") {
    client_fixture f;
    f.cloud.next(no_answer{no_answer::reason::deadline, "no connection in time"});
    CHECK_FALSE(f.run(f.client.insights()));
    CHECK(f.client.health().circuit == circuit::state::open);
}

TEST_CASE("a registration that is answered 401 tells that the credentials are refused") {
    client_fixture f;
    f.cloud.next({401, "{}"});
    CHECK_FALSE(f.run(f.client.register_webhook("{}")));
    CHECK(f.client.health().state == state::auth_failed);
}

TEST_CASE("a poll that is the probe shows by any answer of its own that the cloud is back") {
    client_fixture f;
    f.jitter = 1;
    f.open_circuit();
    f.client.try_now();
    SECTION("it breaks") {
        f.cloud.next(answer{500, "{}"});
    }
    SECTION("it is too much, for a day") {
        f.cloud.next(answer{429, "{}", "86400"});
    }
    SECTION("it is forbidden") {
        f.cloud.next({403, "{}"});
    }
    SECTION("it is not there") {
        f.cloud.next({404, "{}"});
    }
    SECTION("it is not JSON") {
        f.cloud.next({200, "<html>"});
    }
    CHECK_FALSE(f.run(f.client.insights()));
    CHECK(f.client.health().circuit == circuit::state::closed);
    CHECK(f.client.health().state == state::online);
    f.cloud.next({200, R"({"status":"success","memories":[]})"});
    CHECK(f.run(f.client.recall("{}", 5)));
}

TEST_CASE("a poll that is the probe and is not answered by the cloud bars nobody for long") {
    client_fixture f;  // whose jitter lets the next probe out at once, unless more is asked for
    f.open_circuit();
    SECTION("a proxy answers, and asks for a day") {
        f.cloud.next(answer{GENERATE(502U, 503U, 504U), "{}", "86400"});
    }
    SECTION("slow") {
        f.cloud.next(no_answer{no_answer::reason::deadline, "no answer in time", true});
    }
    SECTION("not HTTP") {
        f.cloud.next(no_answer{no_answer::reason::malformed, "not HTTP", true});
    }
    CHECK_FALSE(f.run(f.client.insights()));
    CHECK(f.client.health().circuit == circuit::state::open);
    CHECK(f.client.health().state == state::offline);
    f.cloud.next({200, R"({"status":"success","memories":[]})"});
    CHECK(f.run(f.client.recall("{}", 5)));
    CHECK(f.client.health().state == state::online);
}

TEST_CASE("a poll that is the probe counts like any other call where it concerns every call") {
    client_fixture f;
    f.jitter = 1;
    f.open_circuit();
    f.client.try_now();
    SECTION("credentials") {
        f.cloud.next({401, "{}"});
        CHECK_FALSE(f.run(f.client.insights()));
        CHECK(f.client.health().state == state::auth_failed);
    }
    SECTION("no connection in time") {
        f.cloud.next(no_answer{no_answer::reason::deadline, "no connection in time"});
        CHECK_FALSE(f.run(f.client.insights()));
        CHECK(f.client.health().circuit == circuit::state::open);
        CHECK_FALSE(f.client.callable());  // it waits for the next probe's time
    }
    SECTION("answered") {
        f.cloud.next({200, "{}"});
        CHECK(f.run(f.client.insights()));
        CHECK(f.client.health().state == state::online);
    }
}

TEST_CASE("failures of other calls between do not start the count of a store's anew") {
    client_fixture f;
    f.jitter = 1;
    for (int i = 0; i < circuit::failures_to_open; ++i) {
        f.cloud.next({503});
        CHECK_FALSE(f.run(f.client.register_webhook("{}")));
        CHECK(f.client.health().circuit == circuit::state::closed);
        f.cloud.next(unreachable);
        CHECK_FALSE(f.store(patience::once));
    }
    CHECK(f.client.health().circuit == circuit::state::open);
}

}  // namespace
}  // namespace memorypro::cloud
