#include "insights/text.hpp"

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace memorypro::insights {
namespace {

using test::noon;

template <class Item>
std::string text_of(void (*append)(std::string&, const Item&), const Item& item) {
    std::string out;
    append(out, item);
    return out;
}

TEST_CASE("an insight is shown with its payload as it is kept") {
    CHECK(text_of(append_insight, {7, store::insight_kind::evolution_update,
                                   store::insight_source::push, R"({"insight":"a"})", noon}) ==
          R"({"id":"7","kind":"evolution_update","payload":{"insight":"a"},"source":"push",)"
          R"("received_at":"2025-01-08T12:00:00.000000Z"})");
}

TEST_CASE("a recommendation is shown with its memories and what became of it") {
    CHECK(text_of(append_recommendation, {8,
                                          "Delete",
                                          {"a\"b", "c"},
                                          "old",
                                          store::recommendation_status::dismissed,
                                          store::insight_source::poll,
                                          noon}) ==
          R"({"id":"8","action":"Delete","memory_ids":["a\"b","c"],"reason":"old",)"
          R"("status":"dismissed","source":"poll","received_at":"2025-01-08T12:00:00.000000Z"})");
}

TEST_CASE("an action is shown with its memory, null without one") {
    store::action given{9,
                        "task",
                        "Call Lena",
                        "",
                        store::priority::urgent,
                        store::action_status::in_progress,
                        "m1",
                        store::insight_source::recall,
                        noon,
                        noon};
    CHECK(
        text_of(append_action, given) ==
        R"({"id":"9","type":"task","title":"Call Lena","description":"","priority":"urgent",)"
        R"("status":"in_progress","memory_id":"m1","source":"recall",)"
        R"("created_at":"2025-01-08T12:00:00.000000Z","updated_at":"2025-01-08T12:00:00.000000Z"})");
    given.memory_id.reset();
    CHECK(text_of(append_action, given).find(R"("memory_id":null,)") != std::string::npos);
}

}  // namespace
}  // namespace memorypro::insights
