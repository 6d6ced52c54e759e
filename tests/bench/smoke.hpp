// Checks a report's own JSON: it parses, every row is there, and nothing failed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace memorypro::bench {

// What is wrong, a line each. With `daemon_expected` a skipped row of the daemon is wrong too.
std::vector<std::string> faults_of(const std::string& json, const std::vector<std::uint64_t>& sizes,
                                   bool daemon_expected);

}  // namespace memorypro::bench
