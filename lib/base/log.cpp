#include "base/log.hpp"

#include <spdlog/formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <mutex>
#include <string>

#include "base/time.hpp"

namespace memorypro::log {
namespace {

namespace json = boost::json;

std::string_view view(spdlog::string_view_t text) {
    return {text.data(), text.size()};
}

// ASCII, whatever a client put into it, and printable unless JSON escapes the rest.
std::string ascii(std::string_view text, char least) {
    std::string line;
    for (char c : text) {
        if (c >= least && c < 0x7f) {
            line += c;
        } else {
            line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
    return line;
}

class line_formatter final : public spdlog::formatter {
public:
    explicit line_formatter(form f) : form_(f) {}

    void format(const spdlog::details::log_msg& event, spdlog::memory_buf_t& out) override {
        const auto append = [&out](std::string_view text) {
            out.append(text.data(), text.data() + text.size());
        };
        const auto level = view(spdlog::level::to_string_view(event.level));
        const auto time = std::chrono::time_point_cast<std::chrono::microseconds>(event.time);
        switch (form_) {
            case form::text:
                append(format_time(time));
                append(" ");
                append(level);
                append(" ");
                append(ascii(view(event.payload), ' '));
                break;
            case form::journal:
                append(journal_priority(event.level));
                append(ascii(view(event.payload), ' '));
                break;
            case form::json:
                append("{\"time\":\"" + format_time(time) + "\",\"level\":\"");
                append(level);
                append("\",\"message\":");
                append(json::serialize(json::string(ascii(view(event.payload), '\0'))));
                append("}");
                break;
        }
        append("\n");
    }

    std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<line_formatter>(form_);
    }

private:
    // sd-daemon(3): the syslog level in angle brackets.
    static std::string_view journal_priority(spdlog::level::level_enum level) {
        switch (level) {
            case spdlog::level::critical:
                return "<2>";
            case spdlog::level::err:
                return "<3>";
            case spdlog::level::warn:
                return "<4>";
            case spdlog::level::info:
                return "<6>";
            default:
                return "<7>";
        }
    }

    form form_;
};

// Many lines, one write: an access line a request must not cost a system call a request.
class buffered_stderr final : public spdlog::sinks::base_sink<std::mutex> {
public:
    ~buffered_stderr() override { flush_(); }

private:
    static constexpr std::size_t limit = 32 * 1024;

    void sink_it_(const spdlog::details::log_msg& event) override {
        line_.clear();
        formatter_->format(event, line_);
        pending_.append(line_.data(), line_.size());
        if (pending_.size() >= limit) flush_();
    }

    void flush_() override {
        std::string_view rest = pending_;
        while (!rest.empty()) {
            const auto written = ::write(STDERR_FILENO, rest.data(), rest.size());
            if (written <= 0) break;  // nowhere left to complain
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        pending_.clear();
    }

    spdlog::memory_buf_t line_;
    std::string pending_;
};

}  // namespace

void start(form f, spdlog::level::level_enum level) {
    auto logger =
        std::make_shared<spdlog::logger>("memoryprod", std::make_shared<buffered_stderr>());
    logger->set_formatter(std::make_unique<line_formatter>(f));
    logger->set_level(level);
    logger->flush_on(spdlog::level::warn);
    spdlog::set_default_logger(std::move(logger));
    spdlog::flush_every(std::chrono::seconds(1));
}

void set_level(spdlog::level::level_enum level) {
    spdlog::default_logger()->set_level(level);
}

void flush() {
    spdlog::default_logger()->flush();
}

}  // namespace memorypro::log
