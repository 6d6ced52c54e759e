#include "cli/files.hpp"

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
