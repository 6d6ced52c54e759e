// Certificates for development: an authority of one's own and servers under it.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"

namespace memorypro::emulator {

struct certificate {
    std::string pem;
    std::string key;  // PEM too
};

// Valid for ten years.
certificate make_authority();

// For a server under these names and addresses; valid until `not_after`.
certificate make_certificate(const certificate& authority, const std::vector<std::string>& names,
                             timestamp not_after);

// Whether it is for each of these names and addresses; false too for what is not a certificate.
bool holds_for(const std::string& certificate_pem, const std::vector<std::string>& names);

}  // namespace memorypro::emulator
