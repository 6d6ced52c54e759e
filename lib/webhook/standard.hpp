// Signs as Standard Webhooks do (https://github.com/standard-webhooks/standard-webhooks); the other
// side of verify().
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace memorypro::webhook {

// What "whsec_<base64>" holds, else the secret's own bytes. nullopt: it begins with whsec_ and
// holds no key.
std::optional<std::string> signing_key(std::string_view secret);

// "v1,<base64>": the value of webhook-signature for these values of webhook-id and
// webhook-timestamp.
std::string sign_standard(std::string_view key, std::string_view id, std::string_view timestamp,
                          std::string_view body);

}  // namespace memorypro::webhook
