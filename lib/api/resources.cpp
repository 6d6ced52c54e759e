#include "api/resources.hpp"

namespace memorypro::api {

bool store_is_alive(const resources& r) {
    return std::chrono::steady_clock::now() - r.store_answered < store_silence_allowed;
}

http::reply json_reply(unsigned status, std::string body) {
    return {.status = status, .body = std::move(body)};
}

}  // namespace memorypro::api
