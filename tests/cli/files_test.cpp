#include "cli/files.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <stdexcept>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace memorypro;
using namespace memorypro::cli;

TEST_CASE("a file appears whole, once its check has passed") {
    const test::temp_dir dir;
    const auto path = dir.file("out");
    test::write_file(path, "earlier");
    {
        output_file file(path);
        file.write("new");
        file.commit([&](const std::string& written) {
            CHECK(test::read_file(written) == "new");
            CHECK(test::read_file(path) == "earlier");
        });
    }
    CHECK(test::read_file(path) == "new");
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
}

TEST_CASE("a file whose check fails, or that is not complete, leaves the earlier one") {
    const test::temp_dir dir;
    const auto path = dir.file("out");
    test::write_file(path, "earlier");
    {
        output_file file(path);
        file.write("new");
        const bool checked = GENERATE(true, false);
        const auto check = [](const std::string&) { throw std::runtime_error("not sound"); };
        if (checked) CHECK_THROWS_AS(file.commit(check), std::runtime_error);
    }
    CHECK(test::read_file(path) == "earlier");
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
}

TEST_CASE("a file that was left beside it, or a link, gets nothing of what is written") {
    const test::temp_dir dir;
    const auto path = dir.file("out");
    const auto other = dir.file("other");
    test::write_file(other, "of others");
    ::chmod(other.c_str(), 0644);
    SECTION("a link") {
        std::filesystem::create_symlink(other, path + ".part");
    }
    SECTION("the file by another name") {
        std::filesystem::create_hard_link(other, path + ".part");
    }
    {
        output_file file(path);
        file.write("new");
        file.commit();
    }
    CHECK(test::read_file(other) == "of others");
    struct stat found{};
    REQUIRE(::lstat(path.c_str(), &found) == 0);
    CHECK(found.st_mode == (S_IFREG | 0600));
}
