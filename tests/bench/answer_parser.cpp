#include "answer_parser.hpp"

#include <strings.h>

#include <charconv>
#include <stdexcept>

namespace memorypro::bench {
namespace {

template <class Number>
Number number(std::string_view digits, const char* what) {
    while (digits.starts_with(' '))
        digits.remove_prefix(1);
    Number value = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (parsed.ec != std::errc()) throw std::runtime_error(what);
    return value;
}

std::size_t content_length(std::string_view head) {
    static constexpr std::string_view name = "content-length:";
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
         at = head.find("\r\n", at)) {
        at += 2;
        const auto line = head.substr(at);
        if (line.size() > name.size() &&
            ::strncasecmp(line.data(), name.data(), name.size()) == 0) {
            return number<std::size_t>(line.substr(name.size()), "Content-Length is no number");
        }
    }
    throw std::runtime_error("an answer without Content-Length");
}

std::optional<answer> parse_http(int expected_status, const std::string& input) {
    const std::size_t head_end = input.find("\r\n\r\n");
    if (head_end == std::string::npos) return {};
    const std::string_view head(input.data(), head_end);
    if (!head.starts_with("HTTP/1.1 ")) throw std::runtime_error("an answer that is not HTTP/1.1");
    const int status = number<int>(head.substr(9), "a status that is no number");
    const std::size_t length = content_length(head);
    const std::size_t begin = head_end + 4;
    if (input.size() < begin + length) return {};
    return answer{begin + length, status == expected_status,
                  std::string_view(input).substr(begin, length)};
}

std::optional<answer> parse_resp(const std::string& input) {
    const std::size_t end = input.find("\r\n");
    if (end == std::string::npos) return {};
    if (input[0] != ':' && input[0] != '+' && input[0] != '-') {
        throw std::runtime_error("an answer that is no RESP integer or status");
    }
    return answer{end + 2, input[0] != '-', std::string_view(input).substr(0, end)};
}

}  // namespace

std::optional<answer> parse_answer(framing protocol, int expected_status,
                                   const std::string& input) {
    return protocol == framing::http ? parse_http(expected_status, input) : parse_resp(input);
}

}  // namespace memorypro::bench
