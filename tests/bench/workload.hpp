// Deterministic texts: the same seed gives the same memories and queries on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memorypro::bench {

// splitmix64: the standard library's distributions differ between implementations.
class random_source {
public:
    explicit random_source(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

private:
    std::uint64_t state_;
};

// 30,000 invented words; rank 0 is the most frequent, frequencies follow 1 / (rank + 2.7).
class vocabulary {
public:
    static constexpr std::size_t size = 30000;

    vocabulary();
    const std::string& word(std::size_t rank) const { return words_[rank]; }
    const std::string& draw(random_source&) const;

private:
    std::vector<std::string> words_;
    std::vector<std::uint16_t> ranks_;  // the inverse cumulative distribution, quantised
};

inline constexpr std::size_t content_bytes = 500;
inline constexpr std::size_t user_count = 50;

// Exactly `bytes` long: words with single spaces.
std::string text(const vocabulary&, random_source&, std::size_t bytes);

struct sample_memory {
    std::string content;
    std::string user_id;
    std::string session_id;
};
sample_memory memory_at(const vocabulary&, std::uint64_t index);
std::string store_body(const sample_memory&);

// Three words: one of the 100 most frequent, one of the next 2,900, one of the rest.
struct sample_query {
    std::string words[3];
    std::string user_id;
};
std::vector<sample_query> queries(const vocabulary&, std::size_t count);

enum class framing { raw, http, resp };

std::string http_post(std::string_view target, std::string_view body);
std::string http_get(std::string_view target);
std::string resp_command(const std::vector<std::string_view>& words);

// An endless supply of store requests, each with another content at the price of writing twelve
// digits: 4,096 prebuilt requests in turn, the last word of their content a serial number.
class store_requests {
public:
    store_requests(const vocabulary&, framing);
    std::string_view next();  // valid until the same prebuilt request is due again

private:
    struct entry {
        std::string bytes;
        std::size_t serial_at;
    };
    std::vector<entry> entries_;
    std::uint64_t serial_ = 0;
};

}  // namespace memorypro::bench
