// The key in a secret of Standard Webhooks
// (https://github.com/standard-webhooks/standard-webhooks).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace memorypro {

// What "whsec_<base64>" holds, else the secret's own bytes. nullopt: it begins with whsec_ and
// holds no key.
std::optional<std::string> signing_key(std::string_view secret);

}  // namespace memorypro
