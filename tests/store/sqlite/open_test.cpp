// Which files a store opens, and which it leaves alone.
#include <sys/stat.h>

#include <filesystem>

#include "store/fixture.hpp"
#include "store/sqlite/schema.hpp"
#include "support/says.hpp"

namespace memorypro::store::sqlite {
namespace {

using test::says;

namespace fs = std::filesystem;
using access = connection::access;

struct opening {
    asio::io_context loop;
    test::temp_dir dir;
    test::fake_clock clock;
    std::string path = dir.file("memories.db");

    void open() { sqlite_store(loop.get_executor(), clock, {.directory = dir.path()}); }
    // What it is refused with, having changed nothing; empty: it was opened.
    std::string refusal() {
        const auto before = test::read_file(path);
        try {
            open();
        } catch (const unusable_database& failure) {
            CHECK(test::read_file(path) == before);
            return failure.what();
        }
        return "";
    }
    void make(const std::string& sql) { connection(path, access::read_write).execute(sql); }
};

TEST_CASE("no connection needs a place for temporary files") {
    test::temp_dir dir;
    constexpr int in_memory = 2;
    sqlite::connection db(dir.file("db"), sqlite::connection::access::read_write);
    CHECK(db.integer("PRAGMA temp_store") == in_memory);
}

TEST_CASE("an empty directory becomes a store of the newest schema") {
    opening o;
    o.open();
    connection db(o.path, access::read_write);
    CHECK(db.integer("PRAGMA user_version") == newest_schema());
    CHECK(db.integer("PRAGMA application_id") == 0x4d50726f);
    CHECK(db.integer("SELECT count(*) FROM memories") == 0);
    CHECK(db.prepare("PRAGMA journal_mode").step());
}

TEST_CASE("a file without a byte becomes a store") {
    opening o;
    test::write_file(o.path, "");
    CHECK(o.refusal().empty());
}

TEST_CASE("bringing a database to the newest schema twice changes nothing") {
    test::temp_dir dir;
    connection db(dir.file("db"), access::read_write);
    migrate(db, "db");
    const auto version = db.integer("PRAGMA schema_version");
    migrate(db, "db");
    CHECK(db.integer("PRAGMA schema_version") == version);
}

TEST_CASE("a new data directory is private") {
    opening o;
    const auto path = o.dir.file("a/b");
    sqlite_store(o.loop.get_executor(), o.clock, {.directory = path});
    struct stat found{};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0700);
    REQUIRE(::stat((path + "/memories.db").c_str(), &found) == 0);
}

TEST_CASE("a directory that is in use is refused, and free again at its end") {
    opening o;
    {
        const sqlite_store first(o.loop.get_executor(), o.clock, {.directory = o.dir.path()});
        CHECK_THROWS_AS(o.open(), directory_in_use);
    }
    CHECK_NOTHROW(o.open());
}

TEST_CASE("a file that is not a database is refused and left as it is") {
    opening o;
    for (const auto& bytes :
         {std::string("hello"), std::string(100'000, 'x'), std::string(4096, '\0'),
          "SQLite format 3\0" + std::string(5000, '\xff')}) {
        test::write_file(o.path, bytes);
        const auto refusal = o.refusal();
        CHECK(says(refusal, o.path));
        CHECK(says(refusal, "backup"));
    }
}

TEST_CASE("a damaged database is refused with what to do, and left as it is") {
    store_fixture s;
    for (int i = 0; i < 500; ++i)
        s.add("m" + std::to_string(i), std::string(500, 'x'));
    s.close();
    auto bytes = test::read_file(s.database());
    REQUIRE(bytes.size() > 50 * 4096);
    SECTION("its first pages overwritten") {
        std::fill_n(bytes.begin() + 200, 3 * 4096, '\xaa');
    }
    SECTION("pages in the middle overwritten") {
        std::fill_n(bytes.begin() + 20 * 4096, 5 * 4096, '\xaa');
    }
    SECTION("cut short") {
        bytes.resize(bytes.size() / 2);
    }
    opening o;
    test::write_file(o.path, bytes);
    const auto refusal = o.refusal();
    CAPTURE(refusal);
    CHECK(says(refusal, o.path));
    CHECK(says(refusal, "backup"));
}

TEST_CASE("another program's database is refused and left as it is") {
    opening o;
    SECTION("by its application id") {
        o.make("PRAGMA application_id = 12345; PRAGMA user_version = 1; CREATE TABLE memories (x)");
    }
    SECTION("by its tables") {
        o.make("CREATE TABLE notes (x); INSERT INTO notes VALUES (1)");
    }
    SECTION("by its tables, when it counts its schemas as we do") {
        o.make("CREATE TABLE notes (x); INSERT INTO notes VALUES (1); PRAGMA user_version = 1");
    }
    CHECK(says(o.refusal(), "MEMORYPRO_DATA_DIR"));
}

TEST_CASE("a newer schema is refused and left as it is") {
    opening o;
    o.open();
    o.make("PRAGMA user_version = " + std::to_string(newest_schema() + 1));
    const auto refusal = o.refusal();
    CHECK(says(refusal, "newer"));
    CHECK(says(refusal, std::to_string(newest_schema() + 1)));
}

TEST_CASE("a database that is damaged is refused again, not taken for new") {
    opening o;
    test::write_file(o.path, std::string(10'000, 'x'));
    CHECK_FALSE(o.refusal().empty());
    CHECK_FALSE(o.refusal().empty());
}

TEST_CASE("a data directory that cannot be made throws with its path") {
    opening o;
    test::write_file(o.dir.file("file"), "");
    const auto path = o.dir.file("file/data");
    try {
        sqlite_store(o.loop.get_executor(), o.clock, {.directory = path});
        FAIL("it was opened");
    } catch (const std::system_error& failure) {
        CHECK(says(failure.what(), path));
    }
}

}  // namespace
}  // namespace memorypro::store::sqlite
