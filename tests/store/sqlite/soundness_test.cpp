// What SQLite says of a database, and what of it can be built again.
#include "store/sqlite/soundness.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::store::sqlite {
namespace {

constexpr auto index_damage = "malformed inverted index for FTS5 table main.memories_fts";
constexpr auto row_damage = "NULL value in memories.content";

TEST_CASE("a database is sound when SQLite says ok, and only then") {
    CHECK(judge({"ok"}).damage.empty());
    CHECK(judge({"ok"}).index_damage.empty());
    CHECK(judge({}).damage == "no verdict");
    CHECK(judge({row_damage}).damage == row_damage);
    CHECK(judge({row_damage}).index_damage.empty());
}

TEST_CASE("of many damaged pages the first is told") {
    CHECK(judge({"*** in database main ***\nPage 5 is never used\nPage 6 is never used"}).damage ==
          "Page 5 is never used");
    CHECK(judge({"*** in database main ***"}).damage == "*** in database main ***");
}

TEST_CASE("damage of a text index is told apart, however SQLite words it") {
    for (const std::string verdict :
         {index_damage, "malformed inverted index for FTS5 table main.evolution_fts",
          "fts5: corruption found reading blob 137438953473 from table \"memories_fts\"",
          "fts5: checksum mismatch for table \"evolution_fts\"",
          "NULL value in memories_fts_docsize.sz"}) {
        CAPTURE(verdict);
        CHECK(judge({verdict}).damage.empty());
        CHECK(judge({verdict}).index_damage == verdict);
    }
}

TEST_CASE("damage of what cannot be built again is not hidden by that of an index") {
    for (const auto& verdicts : {std::vector<std::string>{index_damage, row_damage},
                                 std::vector<std::string>{row_damage, index_damage}}) {
        CHECK(judge(verdicts).damage == row_damage);
        CHECK(judge(verdicts).index_damage == index_damage);
    }
}

TEST_CASE("a new database is sound") {
    test::temp_dir dir;
    connection db(dir.file("db"), connection::access::read_write);
    CHECK(check_soundness(db, "PRAGMA integrity_check").damage.empty());
}

}  // namespace
}  // namespace memorypro::store::sqlite
