#include "http/idempotency_key.hpp"

#include <fmt/format.h>

namespace memorypro::http {

result<std::string> idempotency_key(const exchange& x) {
    constexpr std::size_t longest = 255;
    const auto key = x.request.header("Idempotency-Key");
    if (key.empty() && x.request.headers.count("Idempotency-Key") > 0)
        return invalid_field("Idempotency-Key", "is empty");
    if (key.size() > longest)
        return invalid_field("Idempotency-Key", fmt::format("is over {} bytes", longest));
    return std::string(key);
}

}  // namespace memorypro::http
