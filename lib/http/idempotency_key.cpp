#include "http/idempotency_key.hpp"

#include <fmt/format.h>

namespace memorypro::http {

result<std::string> idempotency_key(const exchange& x) {
    constexpr std::size_t longest = 255;
    const auto key = x.request.header("Idempotency-Key");
    if (key.size() > longest)
        return invalid_field("Idempotency-Key", fmt::format("is over {} bytes", longest));
    return std::string(key);
}

}  // namespace memorypro::http
