// The certificate that the emulator shows: a given one, or its own.
#pragma once

#include "emulator/options.hpp"
#include "http/tls.hpp"

namespace memorypro::emulator {

// Null without --tls. A generated certificate is kept in the data directory, so that who trusts it
// still does after a restart, until a name is asked for that it does not have. Writes --cert-out.
// Throws `failed` where a file cannot be used.
http::tls_context tls_of(const options&, const std::string& data_dir);

}  // namespace memorypro::emulator
