#include "emulator/fault_list.hpp"

#include "support/catch.hpp"

namespace memorypro::emulator {
namespace {

using kind = fault::kind;

TEST_CASE("without faults nothing happens") {
    fault_list none;
    CHECK_FALSE(none.meet_head("memory/store"));
    CHECK_FALSE(none.meet("memory/store", "{}"));
}

TEST_CASE("the first fault that fits is the one") {
    fault_list list({{.what = kind::slow, .path = "memory/recall"},
                     {.what = kind::error},
                     {.what = kind::hang}});
    CHECK(list.meet("memory/store", "{}")->what == kind::error);
    CHECK(list.meet("memory/recall", "{}")->what == kind::slow);
}

TEST_CASE("a count is used up by those who meet the fault") {
    fault_list list({{.what = kind::error, .count = 2, .path = "memory/store"},
                     {.what = kind::hang, .path = "memory/store"}});
    CHECK_FALSE(list.meet("memory/recall", "{}"));
    CHECK(list.meet("memory/store", "{}")->what == kind::error);
    CHECK(list.all().front().count == 1u);
    CHECK(list.meet("memory/store", "{}")->what == kind::error);
    CHECK(list.meet("memory/store", "{}")->what == kind::hang);
    CHECK(list.all().size() == 1);
}

TEST_CASE("only a cloud that is down does not read the body, unless it has to look into it") {
    fault_list list({{.what = kind::hang}, {.what = kind::down, .count = 1}});
    CHECK(list.meet_head("memory/store")->what == kind::down);
    CHECK_FALSE(list.meet_head("memory/store"));
    list.replace({{.what = kind::down, .matching = "x"}});
    CHECK_FALSE(list.meet_head("memory/store"));
    CHECK(list.meet("memory/store", R"({"content":"x"})")->what == kind::down);
}

TEST_CASE("a text is looked for in the content or the query, however JSON writes it") {
    fault_list list({{.what = kind::reject, .matching = "r\u00e9d \"x\""}});
    CHECK(list.meet("memory/store", R"({"content":"a r\u00e9d \"x\""})"));
    CHECK(list.meet("memory/recall", R"({"query":"r\u00e9d \"x\"?"})"));
    CHECK_FALSE(list.meet("memory/store", R"({"content":"x","metadata":{"a":"r\u00e9d \"x\""}})"));
    CHECK_FALSE(list.meet("memory/store", "{}"));
    CHECK(list.meet("memory/store", "not JSON: r\u00e9d \"x\""));
}

TEST_CASE("whoever waits for a fault's end sees that the faults are others") {
    fault_list list({{.what = kind::hang}});
    const auto before = list.generation();
    CHECK(list.meet("memory/store", "{}"));
    CHECK(list.generation() == before);
    list.replace({});
    CHECK(list.generation() != before);
    CHECK_FALSE(list.meet("memory/store", "{}"));
}

}  // namespace
}  // namespace memorypro::emulator
