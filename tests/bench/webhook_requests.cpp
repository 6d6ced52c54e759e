#include "webhook_requests.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "webhook/signature.hpp"

namespace memorypro::bench {
namespace {

constexpr std::size_t prebuilt = 256;
constexpr std::size_t serial_digits = 12;
constexpr std::size_t signature_digits = 64;

std::string document(std::string_view event, std::string_view data) {
    return fmt::format(
        R"({{"event_type":"{}","user_id":"user-7","timestamp":"2025-01-08T12:00:00Z","data":{{{}}}}})",
        event, data);
}

// With `text` where its length does not matter.
std::string one_item(std::size_t index, std::string_view serial, std::string_view text) {
    switch (index % 4) {
        case 0:
            return document("evolution_updates",
                            fmt::format(R"("updates":[{{{},"confidence":0.92,"insight":"{}"}}])",
                                        serial, text));
        case 1:
            return document(
                "lifecycle_recommendations",
                fmt::format(
                    R"("recommendations":[{{{},"action":"archive","memory_ids":["mem_{}"],"reason":"{}"}}])",
                    serial, index, text));
        case 2:
            return document(
                "discovered_actions",
                fmt::format(
                    R"("actions":[{{{},"type":"task","title":"Call","priority":"high","description":"{}"}}])",
                    serial, text));
        default:
            return document(
                "memory_insights",
                fmt::format(R"("insights":{{{},"memory_health_score":0.85,"summary":"{}"}})",
                            serial, text));
    }
}

std::string snapshot(const vocabulary& words, random_source& random, std::string_view serial,
                     std::size_t body_bytes) {
    constexpr std::size_t described = 400, around = 120;
    std::string patterns;
    for (std::size_t rank = 0; patterns.size() + 2 * (described + around) < body_bytes; ++rank)
        patterns += fmt::format(
            R"({{"pattern":"{}","weight":{:.3f},"occurrences":{},"memory_ids":["mem_{}","mem_{}"]}},)",
            text(words, random, described), 1 / static_cast<double>(rank + 2), random.below(1000),
            random.below(100000), random.below(100000));
    const auto with = [&](std::string_view last) {
        return document(
            "memory_insights",
            fmt::format(R"("insights":{{{},"total_memories":1247,"patterns":[{}"{}"]}})", serial,
                        patterns, last));
    };
    return with(text(words, random, body_bytes - with("").size()));
}

std::string body_of(const vocabulary& words, random_source& random, std::size_t index,
                    delivery_kind kind, std::size_t bytes) {
    const auto serial = fmt::format("{}{}\"", serial_mark, std::string(serial_digits, '0'));
    if (kind == delivery_kind::snapshot) return snapshot(words, random, serial, bytes);
    const auto left = bytes - one_item(index, serial, "").size();
    return one_item(index, serial, text(words, random, left));
}

}  // namespace

webhook_requests::webhook_requests(const vocabulary& words, delivery_kind kind,
                                   std::size_t body_bytes) {
    random_source random(16384);
    for (std::size_t index = 0; index < prebuilt; ++index) {
        const auto body = body_of(words, random, index, kind, body_bytes);
        if (body.size() != body_bytes) throw std::logic_error("a delivery of another size");
        entry made;
        made.bytes = fmt::format(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: {}\r\nX-MemoryPro-Signature: sha256=",
            webhook_path, body.size());
        made.signature_at = made.bytes.size();
        made.bytes.append(signature_digits, '0');
        made.bytes += "\r\n\r\n";
        made.body_at = made.bytes.size();
        made.bytes += body;
        made.serial_at = made.bytes.find(serial_mark, made.body_at) + serial_mark.size();
        entries_.push_back(std::move(made));
    }
}

webhook_requests::entry& webhook_requests::due(std::uint64_t serial) {
    entry& one = entries_[serial % entries_.size()];
    for (std::size_t digit = serial_digits; digit-- > 0; serial /= 10)
        one.bytes[one.serial_at + digit] = static_cast<char>('0' + serial % 10);
    return one;
}

void webhook_requests::sign_ahead(std::size_t count) {
    while (signatures_.size() < count) {
        const entry& one = due(issued_ + signatures_.size());
        signatures_.push_back(
            webhook::sign(webhook_secret, std::string_view(one.bytes).substr(one.body_at)));
    }
}

std::string_view webhook_requests::next() {
    sign_ahead(1);
    entry& one = due(issued_++);
    one.bytes.replace(one.signature_at, signature_digits, signatures_.front());
    signatures_.pop_front();
    return one.bytes;
}

std::vector<std::uint64_t> numbers_after(std::string_view mark, std::string_view text) {
    std::vector<std::uint64_t> found;
    for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at)) {
        at += mark.size();
        std::uint64_t number = 0;
        const auto read = std::from_chars(text.data() + at, text.data() + text.size(), number);
        if (read.ec == std::errc()) found.push_back(number);
    }
    return found;
}

}  // namespace memorypro::bench
