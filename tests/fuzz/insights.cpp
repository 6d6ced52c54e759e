// What came in a delivery, in a real store: recorded whole, applied once, and known however it
// comes again.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>

#include "base/sha256.hpp"
#include "events/hub.hpp"
#include "fuzz/require.hpp"
#include "insights/processor.hpp"
#include "insights/reading.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::insights {
namespace {

using fuzz::require;

// One for all inputs: what is asked of it does not depend on what it has seen.
class world {
public:
    world() {
        for (const char* id : {"m1", "m2", "m3"}) {
            store::new_memory given;
            given.id = id;
            given.what.content = "what an insight is about";
            given.what.time = given.created_at = wall.now();
            require(run(store.accept_memory(std::move(given), {}, {})).has_value(),
                    "a memory is not stored");
        }
    }

    template <class T>
    T run(awaitable<T> work) {
        std::optional<T> done;
        asio::co_spawn(loop, std::move(work), [&done](std::exception_ptr failure, T value) {
            if (failure) std::rethrow_exception(failure);
            done.emplace(std::move(value));
        });
        loop.restart();
        while (!done)
            require(loop.run_one() > 0, "a call of the store does not complete");
        return std::move(*done);
    }

    test::temp_dir folder;
    asio::io_context loop{1};
    test::fake_clock wall;
    store::sqlite::sqlite_store store{
        loop.get_executor(),
        wall,
        {.directory = folder.path(), .survive_power_loss = false, .most_insights = {.count = 500}}};
    events::hub events{loop.get_executor(), wall.now()};
    config::settings settings;
    insights::processor processor{loop.get_executor(), store, events, settings};
};

config::settings settings_of(unsigned features) {
    config::settings made;
    made.lifecycle = (features & 1U) != 0;
    made.evolution = (features & 2U) != 0;
    made.ai_analysis = (features & 4U) != 0;
    return made;
}

std::vector<store::recorded> record(world& in, std::vector<store::new_insight> items,
                                    std::vector<std::string> deliveries) {
    auto done =
        in.run(in.store.record_insights(std::move(items), store::insight_source::push,
                                        std::move(deliveries), store::unknown_ids::are_the_clouds));
    require(done.has_value(), "items cannot be recorded");
    return std::move(*done);
}

void pushed(world& in, const store::delivery& given) {
    require(in.run(in.store.accept_delivery(given)).has_value(), "a delivery is not accepted");
    const auto items = read_delivery(given, in.settings);
    const auto first = record(in, items, {given.id});
    require(first.size() == items.size(), "an item was not recorded");
    for (std::size_t i = 0; i < items.size(); ++i) {
        require(first[i].insight.payload_json == items[i].payload_json, "another payload is kept");
        require(first[i].insight.kind == items[i].kind, "another kind is kept");
    }
    require(in.run(in.store.waiting_deliveries(10)).empty(), "a delivery waits for ever");
    require(!in.run(in.store.accept_delivery(given)).value(), "a repeat is taken for new");
    for (const auto& again : record(in, items, {}))
        require(!again.is_new, "an item was recorded twice");
}

// The same document by the other way.
void polled(world& in, const store::delivery& given) {
    auto document = parse_object(given.body, deepest_document);
    if (!document) return;
    const auto before = in.events.last_id();
    const auto done = in.run(in.processor.apply(std::move(*document), store::insight_source::poll));
    require(done.has_value(), "a document cannot be applied");
    require(done->fresh == 0, "poll and push do not agree on what is new");
    require(in.events.last_id() == before, "what is known was announced again");
}

}  // namespace
}  // namespace memorypro::insights

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace memorypro;
    using namespace memorypro::insights;
    static world shared;
    if (size == 0) return 0;
    shared.settings = settings_of(*data);
    std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const store::delivery given{sha256_hex(body), std::move(body), shared.wall.now()};
    pushed(shared, given);
    polled(shared, given);
    return 0;
}
