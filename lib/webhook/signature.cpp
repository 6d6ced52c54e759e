#include "webhook/signature.hpp"

#include "base/hmac.hpp"
#include "base/sha256.hpp"

namespace memorypro::webhook {

std::string sign(std::string_view secret, std::string_view body) {
    return to_hex(hmac_sha256(secret, {body}));
}

}  // namespace memorypro::webhook
