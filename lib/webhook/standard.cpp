#include "webhook/standard.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"

namespace memorypro::webhook {

std::string sign_standard(std::string_view key, std::string_view id, std::string_view timestamp,
                          std::string_view body) {
    const auto mac = hmac_sha256(key, {id, ".", timestamp, ".", body});
    return "v1," + to_base64({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

}  // namespace memorypro::webhook
