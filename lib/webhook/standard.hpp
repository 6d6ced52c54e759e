// Signs as Standard Webhooks do (https://github.com/standard-webhooks/standard-webhooks); the other
// side of verify().
#pragma once

#include <string>
#include <string_view>

namespace memorypro::webhook {

// "v1,<base64>": the value of webhook-signature for these values of webhook-id and
// webhook-timestamp.
std::string sign_standard(std::string_view key, std::string_view id, std::string_view timestamp,
                          std::string_view body);

}  // namespace memorypro::webhook
