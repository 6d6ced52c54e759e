// Certificates for tests, as PEM texts.
#pragma once

#include <string>
#include <vector>

#include "emulator/certificates.hpp"

namespace memorypro::test {

using emulator::certificate;
using emulator::make_authority;
using emulator::make_certificate;

// For "localhost", valid for an hour.
inline certificate make_localhost(const certificate& authority) {
    return make_certificate(authority, {"localhost", "127.0.0.1", "::1"},
                            system_clock().now() + std::chrono::hours(1));
}

}  // namespace memorypro::test
