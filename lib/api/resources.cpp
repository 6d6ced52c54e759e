#include "api/resources.hpp"

namespace memorypro::api {

bool store_is_alive(const resources& r) {
    return std::chrono::steady_clock::now() - r.store_answered < store_silence_allowed;
}

bool has_cloud(const resources& r) {
    return config::mode_of(r.settings) != config::mode::local;
}

http::reply json_reply(unsigned status, std::string body) {
    return {.status = status, .body = std::move(body)};
}

}  // namespace memorypro::api
