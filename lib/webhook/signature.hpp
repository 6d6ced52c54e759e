// Webhook signatures (DESIGN §7), as bytes in and bytes out. HMAC-SHA256 of the raw body.
#pragma once

#include <string>
#include <string_view>

namespace memorypro::webhook {

// Lower-case hex of the HMAC of `body`: the value of X-MemoryPro-Signature is "sha256=" and this.
std::string sign(std::string_view secret, std::string_view body);

}  // namespace memorypro::webhook
