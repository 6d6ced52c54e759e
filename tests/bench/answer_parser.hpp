// Where an answer ends and whether it is the expected one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "workload.hpp"

namespace memorypro::bench {

struct answer {
    std::size_t length = 0;  // of the whole answer
    bool as_expected = false;
    std::string_view body;  // into the input
};

// The first answer in `input`, or nothing while it is incomplete. HTTP with a Content-Length and
// RESP simple strings, errors and integers. Throws std::runtime_error on anything else.
std::optional<answer> parse_answer(framing, int expected_status, const std::string& input);

}  // namespace memorypro::bench
