// Whether a webhook delivery comes from who knows the secret (DESIGN §7): pure, constant in time.
//
// Two schemes, each over the raw body:
// - X-MemoryPro-Signature: "sha256=<hex>" or bare hex, HMAC-SHA256 of the body under the secret's
//   bytes.
// - Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks): webhook-id,
//   webhook-timestamp and webhook-signature ("v1,<base64>", several with spaces between), of
//   "<id>.<timestamp>.<body>" under the key that "whsec_<base64>" holds, else the secret's bytes.
//   A "whsec_" that holds no key verifies nothing of it.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace memorypro::webhook {

// The headers' values, empty when missing.
struct signature_headers {
    std::string_view memorypro_signature;
    std::string_view webhook_id;
    std::string_view webhook_timestamp;
    std::string_view webhook_signature;
};

inline constexpr std::chrono::seconds timestamp_tolerance{300};  // either way

enum class scheme { memorypro, standard };

// The scheme whose signature is right under one of the secrets, where both are the standard one:
// that also vouches for the id. nullopt: none is right. Empty secrets are left out.
std::optional<scheme> verify(const signature_headers&, std::string_view body,
                             std::span<const std::string> secrets, timestamp now);

}  // namespace memorypro::webhook
