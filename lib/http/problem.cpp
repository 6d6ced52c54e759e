#include "http/problem.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>

namespace memorypro::http {
namespace {

namespace json = boost::json;

std::string_view code_of(errc e) {
    switch (e) {
        case errc::bad_request:
            return "bad_request";
        case errc::not_found:
            return "not_found";
        case errc::invalid_field:
            return "invalid_field";
        case errc::unsupported:
            return "unsupported_media_type";
        case errc::too_large:
            return "too_large";
        case errc::conflict:
            return "idempotency_conflict";
        case errc::overloaded:
            return "overloaded";
        case errc::unavailable:
            return "unavailable";
        case errc::full:
            return "insufficient_storage";
        case errc::refused:
            return "refused_by_cloud";
        case errc::inapplicable:
            return "not_applicable";
        case errc::no_cloud:
            return "no_cloud";
        case errc::internal:
            break;
    }
    return "internal";
}

json::object members(unsigned status, std::string_view code, std::string_view detail,
                     std::string_view request_id) {
    const auto title =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    return {{"type", "about:blank"}, {"title", std::string_view(title.data(), title.size())},
            {"status", status},      {"detail", detail},
            {"code", code},          {"request_id", request_id}};
}

reply as_reply(unsigned status, const json::object& body) {
    return {.status = status,
            .body = json::serialize(body),
            .content_type = "application/problem+json"};
}

}  // namespace

unsigned status_of(errc e) {
    switch (e) {
        case errc::bad_request:
            return 400;
        case errc::not_found:
            return 404;
        case errc::invalid_field:
            return 422;
        case errc::unsupported:
            return 415;
        case errc::too_large:
            return 413;
        case errc::conflict:
            return 422;
        case errc::overloaded:
            return 503;
        case errc::unavailable:
            return 503;
        case errc::full:
            return 507;
        case errc::refused:
            return 422;
        case errc::inapplicable:
            return 422;
        case errc::no_cloud:
            return 422;
        case errc::internal:
            break;
    }
    return 500;
}

reply problem(const error& failure, std::string_view request_id) {
    const unsigned status = status_of(failure.code);
    auto body = members(status, code_of(failure.code), failure.detail, request_id);
    if (!failure.fields.empty()) {
        json::array fields;
        for (const auto& wrong : failure.fields)
            fields.push_back(json::object{{"field", wrong.field}, {"detail", wrong.detail}});
        body["errors"] = std::move(fields);
    }
    auto answer = as_reply(status, body);
    if (status == 503)
        answer.headers.emplace_back(
            "Retry-After",
            std::to_string(failure.retry_after.value_or(std::chrono::seconds(1)).count()));
    return answer;
}

reply problem(unsigned status, std::string_view code, std::string_view detail,
              std::string_view request_id) {
    return as_reply(status, members(status, code, detail, request_id));
}

}  // namespace memorypro::http
