// Why a command ended without doing its work, and the exit code that says so.
//
// A command stops at its first failure, so the CLI throws where the library returns result<T>.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace memorypro::cli {

// sysexits(3) where one fits; memorypro(1) documents them.
enum class exit_code : int {
    success = 0,
    not_found = 1,
    not_valid = 1,       // webhook verify: the signature
    usage = 64,          // wrong arguments, or the daemon or the cloud refused what was sent
    unreachable = 69,    // no daemon, or its answer did not come
    internal = 70,       // the daemon failed, or a file could not be written
    try_again = 75,      // overloaded, or the cloud is away
    not_permitted = 77,  // the socket's mode and group do not admit this user
    configuration = 78,
};

struct failure : std::runtime_error {
    failure(exit_code why, const std::string& detail, std::vector<field_error> wrong = {})
        : std::runtime_error(detail), code(why), fields(std::move(wrong)) {}

    exit_code code;
    std::vector<field_error> fields;
};

// The exit code for an HTTP status outside 2xx.
exit_code exit_code_of(unsigned status);

// Reads an RFC 9457 problem; any other body leaves only the status to tell of.
failure failure_of(unsigned status, std::string_view body, std::string_view retry_after);

}  // namespace memorypro::cli
