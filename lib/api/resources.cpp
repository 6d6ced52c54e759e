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

json::value time_or_null(std::optional<timestamp> time) {
    return time ? json::value(format_time(*time)) : json::value();
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value() : json::value(text);
}

}  // namespace memorypro::api
