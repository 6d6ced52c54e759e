// Webhook signatures (DESIGN §7), as bytes in and bytes out. HMAC-SHA256 of the raw body.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace memorypro::webhook {

using digest = std::array<unsigned char, 32>;

digest hmac_sha256(std::string_view key, std::string_view text);

// Lower-case hex of the HMAC of `body`: the value of X-MemoryPro-Signature is "sha256=" and this.
std::string sign(std::string_view secret, std::string_view body);

}  // namespace memorypro::webhook
