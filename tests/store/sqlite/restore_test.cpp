// A backup in the place of the database.
#include "store/sqlite/restore.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "store/outbox_fixture.hpp"
#include "store/sqlite/schema.hpp"
#include "support/says.hpp"

namespace memorypro::store::sqlite {
namespace {

using test::says;

namespace fs = std::filesystem;

// A store of "m1" with its backup, after which "m2" came.
struct restore_fixture : outbox_fixture {
    restore_fixture() {
        add("m1", "green tea");
        write_backup();
        add("m2", "black tea");
    }

    void write_backup() {
        const auto made = (*this)->begin_backup().value();
        while (run(made->copy_some()).value()) {
        }
        std::string bytes;
        for (auto piece = run(made->read_some()); !piece.empty(); piece = run(made->read_some()))
            bytes += piece;
        test::write_file(file, bytes);
    }

    restored restore() { return restore_backup(file, data_directory(dir.path())); }

    // What it is refused with; nothing in the directory has changed.
    std::string refusal() {
        const auto before = test::read_file(database());
        try {
            restore();
        } catch (const no_backup& why) {
            CHECK(test::read_file(database()) == before);
            CHECK_FALSE(fs::exists(dir.file("unfinished-restore.db")));
            return why.what();
        }
        return {};
    }

    const test::temp_dir elsewhere;
    const std::string file = elsewhere.file("backup.db");
};

TEST_CASE("a restored store is what the backup holds, and the former database is kept") {
    restore_fixture s;
    s.close();
    const auto done = s.restore();
    CHECK(done.what.memories == 1);
    s.open();
    CHECK(s.listed() == ids{"m1"});
    CHECK(s.matches({"green"}) == ids{"m1"});
    CHECK(s.soundness() == "ok");

    struct stat found{};
    REQUIRE(::stat(s.database().c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0600);
    REQUIRE(fs::exists(done.former));
    connection former(done.former, connection::access::read_write);
    CHECK(former.integer("SELECT count(*) FROM memories") == 2);
}

TEST_CASE("the former database is kept with what is only in its WAL") {
    restore_fixture s;
    // As after kill -9: the files of a store that was not closed.
    const auto database = test::read_file(s.database());
    const auto wal = test::read_file(s.database() + "-wal");
    REQUIRE_FALSE(wal.empty());
    s.close();
    test::write_file(s.database(), database);
    test::write_file(s.database() + "-wal", wal);

    const auto done = s.restore();
    CHECK_FALSE(fs::exists(s.database() + "-wal"));
    connection former(done.former, connection::access::read_write);
    CHECK(former.integer("SELECT count(*) FROM memories") == 2);
    s.open();
    CHECK(s.listed() == ids{"m1"});
}

TEST_CASE("a restore into an empty directory has nothing to keep") {
    restore_fixture s;
    const test::temp_dir empty;
    const auto done = restore_backup(s.file, data_directory(empty.path()));
    CHECK(done.former.empty());
    CHECK(check_backup(empty.file("memories.db")).memories == 1);
}

TEST_CASE("restoring twice keeps both") {
    restore_fixture s;
    s.close();
    const auto first = s.restore(), second = s.restore();
    CHECK(first.former != second.former);
    CHECK(check_backup(first.former).memories == 2);
    CHECK(check_backup(second.former).memories == 1);
}

TEST_CASE("a restore that a crash interrupted is finished by the next start") {
    restore_fixture s;
    s.close();
    fs::copy_file(s.file, s.dir.file("memories.db.restored"));
    SECTION("before the former database was put aside") {}
    SECTION("after it") {
        fs::rename(s.database(), s.dir.file("memories.db.aside"));
    }
    s.open();
    CHECK(s.listed() == ids{"m1"});
    CHECK_FALSE(fs::exists(s.dir.file("memories.db.restored")));
}

TEST_CASE("a copy that was not complete is no restore") {
    restore_fixture s;
    s.close();
    test::write_file(s.dir.file("unfinished-restore.db"), "half");
    s.open();
    CHECK(s.listed().size() == 2);
    CHECK_FALSE(fs::exists(s.dir.file("unfinished-restore.db")));
}

TEST_CASE("a directory in use is not restored to") {
    restore_fixture s;
    CHECK_THROWS_AS(s.restore(), directory_in_use);
    CHECK(s.listed().size() == 2);
}

TEST_CASE("what is no sound backup is refused, and nothing is changed") {
    restore_fixture s;
    s.close();
    auto bytes = test::read_file(s.file);
    SECTION("no database") {
        test::write_file(s.file, "hello, this is a text");
        CHECK(says(s.refusal(), "damaged"));
    }
    SECTION("empty") {
        test::write_file(s.file, "");
        CHECK(says(s.refusal(), "not a database of memoryprod"));
    }
    SECTION("cut short") {
        test::write_file(s.file, bytes.substr(0, bytes.size() / 2));
        CHECK(says(s.refusal(), "damaged"));
    }
    SECTION("a page of zeros") {
        test::write_file(s.file, bytes.replace(10 * 4096, 4096, 4096, '\0'));
        CHECK(says(s.refusal(), "damaged"));
    }
    SECTION("another program's") {
        fs::remove(s.file);
        connection(s.file, connection::access::read_write).execute("CREATE TABLE notes (x)");
        CHECK(says(s.refusal(), "not a database of memoryprod"));
    }
    SECTION("of a newer version") {
        connection(s.file, connection::access::read_write)
            .execute("PRAGMA user_version = " + std::to_string(newest_schema() + 1));
        CHECK(says(s.refusal(), "newer memoryprod"));
    }
    SECTION("a database in use, without its WAL") {
        test::write_file(s.file + "-wal", "the newest memories");
        CHECK(says(s.refusal(), "-wal"));
    }
}

TEST_CASE("a copy that keeps its WAL mode is a backup too") {
    restore_fixture s;
    s.close();
    {
        connection db(s.file, connection::access::read_write);
        db.execute("PRAGMA journal_mode = WAL");
    }
    CHECK(s.restore().what.memories == 1);
    for (const char* left : {"unfinished-restore.db", "unfinished-restore.db-wal",
                             "unfinished-restore.db-shm", "memories.db-wal", "memories.db-shm"}) {
        CAPTURE(left);
        CHECK_FALSE(fs::exists(s.dir.file(left)));
    }
}

TEST_CASE("what waited for the cloud waits again, under the key that it was sent with") {
    restore_fixture s;
    s.queue(memory_of("q1", "tea"), {.idempotency_key = "first attempt"});
    CHECK(s.claim_entry().idempotency_key == "first attempt");
    s.write_backup();
    s.close();
    CHECK(s.restore().what.queued == 1);
    s.open();
    const auto entry = s.claim_entry();
    CHECK(entry.idempotency_key == "first attempt");
    CHECK(entry.memory.id == "q1");
}

}  // namespace
}  // namespace memorypro::store::sqlite
