#include "workload.hpp"

#include <fmt/format.h>

#include <unordered_set>

namespace memorypro::bench {
namespace {

constexpr std::size_t number_digits = 12;
constexpr std::size_t prebuilt_entries = 4096;

std::string invented_word(random_source& random) {
    static constexpr std::string_view onsets[] = {"b",  "c",  "d",  "f",  "g",  "h",  "k",  "l",
                                                  "m",  "n",  "p",  "r",  "s",  "t",  "v",  "w",
                                                  "st", "tr", "pl", "gr", "ch", "sh", "br", "cl"};
    static constexpr std::string_view nuclei[] = {"a", "e", "i", "o", "u", "ai", "ea", "ou"};
    static constexpr std::string_view codas[] = {"", "", "", "n", "r", "l", "s", "t", "m", "nd"};
    std::string word;
    const std::size_t syllables = 1 + random.below(3);
    for (std::size_t i = 0; i < syllables; ++i) {
        word += onsets[random.below(std::size(onsets))];
        word += nuclei[random.below(std::size(nuclei))];
        word += codas[random.below(std::size(codas))];
    }
    return word;
}

}  // namespace

std::uint64_t random_source::next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

vocabulary::vocabulary() {
    random_source random(30000);
    std::unordered_set<std::string> seen;
    while (words_.size() < size) {
        auto word = invented_word(random);
        if (seen.insert(word).second) words_.push_back(std::move(word));
    }

    double total = 0;
    for (std::size_t rank = 0; rank < size; ++rank)
        total += 1 / (static_cast<double>(rank) + 2.7);
    constexpr std::size_t steps = std::size_t{1} << 20U;
    ranks_.reserve(steps);
    double cumulative = 0;
    for (std::size_t rank = 0; rank < size; ++rank) {
        cumulative += 1 / (static_cast<double>(rank) + 2.7) / total;
        const auto until = static_cast<std::size_t>(cumulative * static_cast<double>(steps));
        while (ranks_.size() < until)
            ranks_.push_back(static_cast<std::uint16_t>(rank));
    }
    ranks_.resize(steps, static_cast<std::uint16_t>(size - 1));
}

const std::string& vocabulary::draw(random_source& random) const {
    return words_[ranks_[random.below(ranks_.size())]];
}

std::string text(const vocabulary& words, random_source& random, std::size_t bytes) {
    std::string result;
    result.reserve(bytes + 32);
    while (result.size() < bytes) {
        if (!result.empty()) result += ' ';
        result += words.draw(random);
    }
    result.resize(bytes);
    if (result.back() == ' ') result.back() = 'a';
    return result;
}

sample_memory memory_at(const vocabulary& words, std::uint64_t index) {
    random_source random(index);
    auto content = text(words, random, content_bytes);
    const std::size_t user = random.below(user_count);
    return {std::move(content), fmt::format("user-{}", user),
            fmt::format("session-{}-{}", user, random.below(20))};
}

std::string store_body(const sample_memory& memory) {
    return fmt::format(R"({{"content":"{}","user_id":"{}","session_id":"{}"}})", memory.content,
                       memory.user_id, memory.session_id);
}

std::vector<sample_query> queries(const vocabulary& words, std::size_t count) {
    random_source random(7);
    std::vector<sample_query> result(count);
    for (auto& query : result) {
        query.words[0] = words.word(random.below(100));
        query.words[1] = words.word(100 + random.below(2900));
        query.words[2] = words.word(3000 + random.below(vocabulary::size - 3000));
        query.user_id = fmt::format("user-{}", random.below(user_count));
    }
    return result;
}

std::string http_post(std::string_view target, std::string_view body) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        target, body.size(), body);
}

std::string http_get(std::string_view target) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", target);
}

std::string resp_command(const std::vector<std::string_view>& words) {
    std::string command = fmt::format("*{}\r\n", words.size());
    for (const auto word : words)
        command += fmt::format("${}\r\n{}\r\n", word.size(), word);
    return command;
}

store_requests::store_requests(const vocabulary& words, framing frame) {
    const std::string placeholder = ' ' + std::string(number_digits, '0');
    entries_.reserve(prebuilt_entries);
    for (std::uint64_t index = 0; index < prebuilt_entries; ++index) {
        auto memory = memory_at(words, index);
        memory.content.replace(content_bytes - placeholder.size(), placeholder.size(), placeholder);
        std::string bytes = store_body(memory);
        if (frame == framing::http) bytes = http_post("/api/v1/memory/store", bytes);
        if (frame == framing::resp) bytes = resp_command({"RPUSH", "memories", bytes});
        const std::size_t serial_at = bytes.find(placeholder) + 1;
        entries_.push_back({std::move(bytes), serial_at});
    }
}

std::string_view store_requests::next() {
    entry& due = entries_[serial_ % entries_.size()];
    std::uint64_t rest = serial_++;
    for (std::size_t digit = number_digits; digit-- > 0; rest /= 10) {
        due.bytes[due.serial_at + digit] = static_cast<char>('0' + rest % 10);
    }
    return due.bytes;
}

}  // namespace memorypro::bench
