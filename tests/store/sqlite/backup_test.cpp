// A copy of the database while it is written to.
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "store/fixture.hpp"
#include "store/sqlite/backup_file.hpp"
#include "store/sqlite/schema.hpp"

namespace memorypro::store::sqlite {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<backup> begin(store_fixture& s) {
    return s->begin_backup().value();
}

result<bool> copy_all(store_fixture& s, backup& made) {
    while (true) {
        const auto more = s.run(made.copy_some());
        if (!more || !*more) return more;
    }
}

// The bytes, as a file of their own; its path.
std::string save(store_fixture& s, backup& made) {
    std::string bytes;
    for (auto piece = s.run(made.read_some()); !piece.empty(); piece = s.run(made.read_some()))
        bytes += piece;
    auto path = s.dir.file("saved.db");
    test::write_file(path, bytes);
    return path;
}

std::size_t files_in(const store_fixture& s) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(s.dir.path()), fs::directory_iterator()));
}

void add_many(store_fixture& s, int count) {
    s.add_at_once(count, "m", std::string(2000, 'x'));
}

// So that files cannot grow beyond it, as on a full disk.
class file_size_limit {
public:
    explicit file_size_limit(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit now{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &now);
        former_ = std::signal(SIGXFSZ, SIG_IGN);
    }
    ~file_size_limit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, former_);
    }
    file_size_limit(const file_size_limit&) = delete;
    file_size_limit& operator=(const file_size_limit&) = delete;

private:
    rlimit before_{};
    void (*former_)(int);
};

TEST_CASE("a backup holds what was stored before it, and nothing that came meanwhile") {
    store_fixture s;
    add_many(s, 5000);
    const auto made = begin(s);
    REQUIRE(s.run(made->copy_some()).value());  // there is more
    s.add("late", "tea");
    s.remove("m0");
    REQUIRE(copy_all(s, *made));
    const auto path = save(s, *made);
    CHECK(check_backup(path).memories == 5000);
    CHECK(check_backup(path).schema == newest_schema());

    connection db(path, connection::access::read_write);
    CHECK(db.integer("SELECT count(*) FROM memories WHERE id = 'm0'") == 1);
    CHECK(db.integer("SELECT count(*) FROM memories WHERE id = 'late'") == 0);
    auto mode = db.prepare("PRAGMA journal_mode");  // one file is all of it
    CHECK((mode.step() && mode.text(0) == "delete"));
    CHECK(s.matches({"tea"}) == ids{"late"});
}

TEST_CASE("there is one backup at a time") {
    store_fixture s;
    auto first = begin(s);
    CHECK(s->begin_backup().error().code == errc::overloaded);
    REQUIRE(copy_all(s, *first));
    CHECK(s->begin_backup().error().code == errc::overloaded);  // it still takes the disk's room
    first.reset();
    CHECK(s->begin_backup());
}

TEST_CASE("the copy is private, and has no name once it is complete") {
    store_fixture s;
    add_many(s, 5000);
    const auto before = files_in(s);
    auto made = begin(s);
    REQUIRE(s.run(made->copy_some()).value());
    struct stat found{};
    REQUIRE(::stat(s.dir.file("unfinished-backup.db").c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0600);
    SECTION("complete") {
        REQUIRE(copy_all(s, *made));
    }
    SECTION("given up") {
        made.reset();
    }
    CHECK(files_in(s) == before);
}

TEST_CASE("a backup that is discarded takes nothing on the disk, wherever it was") {
    store_fixture s;
    add_many(s, 5000);
    const auto before = files_in(s);
    const auto made = begin(s);
    SECTION("not begun") {}
    SECTION("begun") {
        REQUIRE(s.run(made->copy_some()).value());
    }
    SECTION("complete") {
        REQUIRE(copy_all(s, *made));
    }
    s.run(made->discard());
    CHECK(files_in(s) == before);
    for (const auto& open : fs::directory_iterator("/proc/self/fd")) {
        std::error_code closed;
        CHECK(fs::read_symlink(open, closed).string().find("unfinished-backup") ==
              std::string::npos);
    }
}

TEST_CASE("what a crash left of a backup is gone at the next start") {
    store_fixture s;
    s.add("m1", "tea");
    s.close();
    const auto before = files_in(s);
    test::write_file(s.dir.file("unfinished-backup.db"), "half");
    s.open();
    s.close();
    CHECK(files_in(s) == before);
}

TEST_CASE("without room there is no backup, and stores go on") {
    store_fixture s;
    add_many(s, 5000);
    const auto before = files_in(s);
    auto made = begin(s);
    {
        const file_size_limit full(5 << 20);
        const auto copied = copy_all(s, *made);
        REQUIRE(!copied);
        CHECK(copied.error().code == errc::full);
        CHECK(copied.error().detail.find("backup") != std::string::npos);
    }
    made.reset();
    CHECK(files_in(s) == before);
    s.add("m", "tea");
    CHECK(copy_all(s, *begin(s)));
}

TEST_CASE("a backup may outlive its store") {
    store_fixture s;
    s.add("m1", "tea");
    const auto made = begin(s);
    REQUIRE(copy_all(s, *made));
    s.close();
    CHECK(check_backup(save(s, *made)).memories == 1);
}

}  // namespace
}  // namespace memorypro::store::sqlite
