#include "base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json/parse.hpp>

#include "base/time.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::log {
namespace {

namespace json = boost::json;

// What is logged to stderr while it is there; gives stderr and the default logger back.
class captured_stderr {
public:
    explicit captured_stderr(form f, spdlog::level::level_enum level = spdlog::level::info)
        : logger_(spdlog::default_logger()), stderr_(::dup(STDERR_FILENO)) {
        const int file = ::open(dir_.file("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(file, STDERR_FILENO);
        ::close(file);
        start(f, level);
    }
    ~captured_stderr() {
        spdlog::set_default_logger(logger_);
        ::dup2(stderr_, STDERR_FILENO);
        ::close(stderr_);
    }

    std::string written() const { return test::read_file(dir_.file("log")); }
    std::string text() const {
        flush();
        return written();
    }

private:
    test::temp_dir dir_;
    std::shared_ptr<spdlog::logger> logger_;
    int stderr_;
};

TEST_CASE("a line of text opens with its time and level") {
    const captured_stderr log(form::text);
    spdlog::info("ready in {}", "/data");
    const auto text = log.text();
    CAPTURE(text);
    const auto space = text.find(' ');
    REQUIRE(parse_time(text.substr(0, space)));
    CHECK(text.substr(space) == " info ready in /data\n");
}

TEST_CASE("a line for the journal opens with its priority") {
    const captured_stderr log(form::journal, spdlog::level::trace);
    spdlog::critical("a");
    spdlog::error("b");
    spdlog::warn("c");
    spdlog::info("d");
    spdlog::debug("e");
    CHECK(log.text() == "<2>a\n<3>b\n<4>c\n<6>d\n<7>e\n");
}

TEST_CASE("a line of JSON is JSON, whatever the message holds") {
    const captured_stderr log(form::json);
    spdlog::warn("{}", "a \"quoted\" \\ path\nand {braces} \x01");
    const auto text = log.text();
    CAPTURE(text);
    REQUIRE(text.find('\n') == text.size() - 1);
    const auto line = json::parse(text);
    CHECK(line.at("level").as_string() == "warning");
    CHECK(line.at("message").as_string() == "a \"quoted\" \\ path\nand {braces} \x01");
    CHECK(parse_time(std::string(line.at("time").as_string())));
}

TEST_CASE("a message cannot fake a second line") {
    const auto f = GENERATE(form::text, form::journal);
    const captured_stderr log(f);
    spdlog::info("{}", "GET /a\n<0>panic\r\x1b[2J");
    const auto text = log.text();
    CAPTURE(text);
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
}

TEST_CASE("lines below the level are left out, and the level can change") {
    const captured_stderr log(form::journal, spdlog::level::warn);
    spdlog::info("quiet");
    set_level(spdlog::level::debug);
    spdlog::debug("loud");
    CHECK(log.text() == "<7>loud\n");
}

TEST_CASE("a warning is written at once, with what was logged before it") {
    const captured_stderr log(form::journal);
    spdlog::info("first");
    spdlog::warn("second");
    CHECK(log.written() == "<6>first\n<4>second\n");
}

}  // namespace
}  // namespace memorypro::log
