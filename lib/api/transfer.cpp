#include <fmt/format.h>

#include "api/handlers.hpp"
#include "api/ndjson.hpp"
#include "api/query.hpp"
#include "memory/text.hpp"

namespace memorypro::api {
namespace {

constexpr std::size_t most_batch_lines = 500;
constexpr std::size_t most_batch_bytes = 1 << 20;
constexpr std::size_t most_errors_listed = 1000;
constexpr std::size_t export_page = 500;
constexpr int most_imports = 8;  // at once: each holds a batch and an unfinished line

bool takes_lines(std::string_view content_type) {
    const auto type = http::media_type(content_type);
    return type.empty() || type == "application/json" || type == "text/plain" ||
           type == "application/octet-stream" || type.ends_with("ndjson") ||
           type.ends_with("jsonl");
}

// The lines of one import: parsed one by one, stored in batches.
class line_import {
public:
    explicit line_import(resources& r) : resources_(r) {}

    // A failure ends the import: what was stored before stays.
    awaitable<result<void>> take(line_splitter::line line) {
        if (line.too_long) {
            fail(line.number, "the line is too long");
        } else if (line.text.find_first_not_of(" \t") != std::string::npos) {
            parse(line);
        }
        if (batch_.size() < most_batch_lines && batch_bytes_ < most_batch_bytes)
            co_return result<void>();
        co_return co_await store();
    }

    awaitable<result<void>> store() {
        batch_bytes_ = 0;
        if (batch_.empty()) co_return result<void>();
        const auto done = co_await resources_.memories.import(std::exchange(batch_, {}));
        if (!done) {
            error failure = done.error();
            failure.detail += fmt::format("; {} memories of this import were stored", imported_);
            co_return failure;
        }
        for (const auto each : *done)
            ++(each == store::imported::created ? imported_ : duplicates_);
        co_return result<void>();
    }

    std::string summary() const {
        std::string out = fmt::format(R"({{"imported":{},"duplicates":{},"failed":{},"errors":[)",
                                      imported_, duplicates_, failed_);
        return out + errors_ + "]}";
    }

private:
    void parse(const line_splitter::line& line) {
        const auto body = parse_object(line.text);
        if (!body) return fail(line.number, body.error().detail);
        auto given = memory::parse_memory(*body, memory::body_of::import,
                                          resources_.settings.max_content_bytes);
        if (!given) return fail(line.number, given.error().detail);
        batch_.push_back(std::move(*given));
        batch_bytes_ += line.text.size();
    }

    void fail(std::size_t line, std::string_view detail) {
        if (++failed_ > most_errors_listed) return;
        errors_ += fmt::format("{}{{\"line\":{},\"detail\":", errors_.empty() ? "" : ",", line);
        append_json(errors_, detail);
        errors_ += '}';
    }

    resources& resources_;
    std::vector<memory::given_memory> batch_;
    std::size_t batch_bytes_ = 0;
    std::size_t imported_ = 0;
    std::size_t duplicates_ = 0;
    std::size_t failed_ = 0;
    std::string errors_;
};

awaitable<answer> import_lines(resources& r, http::exchange& x) {
    line_import lines(r);
    // JSON escapes can make a line six times its text.
    line_splitter splitter(r.settings.max_content_bytes * 6 + (64 << 10));
    while (true) {
        auto piece = co_await x.next_piece();
        if (!piece) {
            // The client broke off: keep the lines that were complete.
            const auto stored = co_await lines.store();
            co_return stored ? piece.error() : stored.error();
        }
        if (piece->empty()) break;
        splitter.add(std::move(*piece));
        while (auto line = splitter.next())
            if (const auto taken = co_await lines.take(std::move(*line)); !taken)
                co_return taken.error();
    }
    if (auto line = splitter.last())
        if (const auto taken = co_await lines.take(std::move(*line)); !taken)
            co_return taken.error();
    if (const auto stored = co_await lines.store(); !stored) co_return stored.error();
    co_return json_reply(200, lines.summary());
}

}  // namespace

awaitable<answer> import_memories(resources& r, http::exchange& x) {
    if (!takes_lines(x.request.header("Content-Type")))
        co_return error{errc::unsupported,
                        "send one JSON object a line, with Content-Type: application/x-ndjson"};
    if (r.imports >= most_imports)
        co_return error{errc::overloaded, "too many imports at once; try again"};
    answer done = http::reply();
    ++r.imports;
    try {
        done = co_await import_lines(r, x);
    } catch (...) {  // not for a guard's destructor: a frame may be destroyed after the resources
        --r.imports;
        throw;
    }
    --r.imports;
    co_return done;
}

awaitable<answer> export_memories(resources& r, http::exchange& x) {
    if (const auto none = expect_no_query(x.request.query); !none) co_return none.error();
    const http::reply head{.content_type = "application/x-ndjson", .streamed = true};
    bool reading = co_await x.begin(head);
    std::int64_t last = 0;
    while (reading) {
        const auto page = co_await r.memories.export_after(last, export_page);
        if (page.empty()) break;
        std::string lines;
        for (const auto& m : page) {
            memory::append_memory(lines, m);
            lines += '\n';
        }
        last = page.back().seq;
        reading = co_await x.send(lines);
    }
    co_return head;
}

}  // namespace memorypro::api
