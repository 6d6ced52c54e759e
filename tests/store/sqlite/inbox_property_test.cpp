// Whatever comes in whatever order, and wherever the daemon ends, a delivery is new once in seven
// days and waits until it is processed.
#include <algorithm>
#include <map>
#include <random>

#include "store/insight_fixture.hpp"

namespace memorypro::store {
namespace {

class deliveries : public insight_fixture {
public:
    explicit deliveries(unsigned seed) : insight_fixture(options_for(seed)), dice_(seed) {}

    void step() {
        clock.advance(std::chrono::minutes(roll(600)));
        switch (roll(12)) {
            case 0:
                open(how);
                break;
            case 1:
                kill();
                break;
            case 2:
            case 3:
                process_some();
                break;
            case 4:
                accept_together();
                break;
            default:
                check_answer(some_id());
        }
        CHECK(waiting() == waiting_);
    }

private:
    // Digests are indexed at once, late, or when it is quiet.
    static sqlite::options options_for(unsigned seed) {
        return {.survive_power_loss = false, .most_unindexed = seed % 3 * 10};
    }
    std::size_t roll(std::size_t sides) {
        return std::uniform_int_distribution<std::size_t>(0, sides - 1)(dice_);
    }
    std::string some_id() { return "d" + std::to_string(roll(60)); }
    bool waits(const std::string& id) const { return std::ranges::count(waiting_, id) > 0; }

    void check_answer(const std::string& id) {
        const auto now = clock.now();
        const auto known = received_.find(id);
        const bool fresh = accept(id);
        CAPTURE(id, fresh);
        if (known == received_.end())
            CHECK(fresh);
        else if (waits(id) || now - known->second <= std::chrono::days(7))
            CHECK_FALSE(fresh);
        else if (!fresh)
            return;  // known for longer, until it is indexed
        if (fresh) note(id, now);
    }
    void note(const std::string& id, timestamp at) {
        received_[id] = at;
        waiting_.push_back(id);
    }

    // In one batch, some of them twice.
    void accept_together() {
        const auto now = clock.now();
        std::vector<std::pair<std::string, std::shared_ptr<test::outcome<result<bool>>>>> started;
        for (std::size_t i = roll(20); i > 0; --i) {
            auto id = some_id();
            started.emplace_back(id, test::start(loop, (*this)->accept_delivery({id, "{}", now})));
        }
        for (const auto& [id, one] : started) {
            const bool known = received_.contains(id);
            const bool recent = known && now - received_[id] <= std::chrono::days(7);
            const bool fresh = test::finish(loop, one).value();
            CAPTURE(id, fresh);
            if (!known) CHECK(fresh);
            if (waits(id) || recent) CHECK_FALSE(fresh);
            if (fresh) note(id, now);
        }
    }

    void process_some() {
        ids done;
        for (std::size_t i = roll(20); i > 0; --i)
            done.push_back(some_id());
        insight_fixture::finish(done);
        std::erase_if(waiting_, [&](const auto& id) { return std::ranges::count(done, id) > 0; });
    }

    std::mt19937 dice_;
    std::map<std::string, timestamp> received_;
    ids waiting_;
};

TEST_CASE("a delivery is new once, whatever happens between") {
    const auto seed = GENERATE(range(1u, 7u));
    CAPTURE(seed);
    deliveries d(seed);
    for (int i = 0; i < 300; ++i) {
        CAPTURE(i);
        d.step();
    }
    CHECK(d.soundness() == "ok");
}

}  // namespace
}  // namespace memorypro::store
