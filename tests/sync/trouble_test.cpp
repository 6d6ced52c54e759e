// A store that fails: nothing ends, nothing spins, nothing is lost.
#include "store/sqlite/connection.hpp"
#include "sync/fixture.hpp"

namespace memorypro::sync {
namespace {

// Every change of the outbox fails while this is there.
class failing_outbox {
public:
    explicit failing_outbox(const std::string& database)
        : db_(database, store::sqlite::connection::access::read_write) {
        db_.execute(
            "PRAGMA busy_timeout = 20000;"  // the store is at work
            "CREATE TRIGGER no_update BEFORE UPDATE ON outbox BEGIN SELECT RAISE(FAIL, 'no'); END;"
            "CREATE TRIGGER no_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(FAIL, 'no'); "
            "END;");
    }
    ~failing_outbox() { db_.execute("DROP TRIGGER no_update; DROP TRIGGER no_delete;"); }
    failing_outbox(const failing_outbox&) = delete;
    failing_outbox& operator=(const failing_outbox&) = delete;

private:
    store::sqlite::connection db_;
};

TEST_CASE("while nothing can be claimed the worker stays, and goes on when it can") {
    fixture f;
    {
        const failing_outbox broken(f.database());
        f.queue("a", "a1");
        f.start();
        f.calm();
        CHECK(f.network.exchanges().empty());
    }
    f.until([&] { return f.drained(); });
    CHECK(f.writes() == ids{"a1"});
}

TEST_CASE("what was sent and could not be recorded is recorded later, and not sent twice") {
    fixture f;
    f.holds = true;
    f.queue("a", "a1");
    f.start();
    f.until([&] { return f.hanging() == 1; });
    {
        const failing_outbox broken(f.database());
        f.network.release();
        f.calm();
        f.queue("b", "b1");
        f.calm();
        CHECK(f.writes() == ids{"a1"});  // nothing is sent that could not be recorded
    }
    f.holds = false;
    f.until([&] { return f.drained(); });
    CHECK(f.writes() == ids{"a1", "b1"});
    CHECK(f.announced().size() == 2);
}

TEST_CASE("stop does not wait for a store that fails") {
    fixture f;
    f.holds = true;
    f.queue("a", "a1");
    f.start();
    f.until([&] { return f.hanging() == 1; });
    const failing_outbox broken(f.database());
    f.stop();
    CHECK(f.writes() == ids{"a1"});
}

}  // namespace
}  // namespace memorypro::sync
