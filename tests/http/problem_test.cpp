#include "http/problem.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

namespace memorypro::http {
namespace {

namespace json = boost::json;

std::string header(const reply& answer, std::string_view name) {
    for (const auto& [key, value] : answer.headers)
        if (key == name) return value;
    return "";
}

TEST_CASE("every error has the status that the API documents for it") {
    struct {
        errc code;
        unsigned status;
        std::string_view name;
    } const table[] = {
        {errc::bad_request, 400, "bad_request"},
        {errc::not_found, 404, "not_found"},
        {errc::too_large, 413, "too_large"},
        {errc::unsupported, 415, "unsupported_media_type"},
        {errc::invalid_field, 422, "invalid_field"},
        {errc::conflict, 422, "idempotency_conflict"},
        {errc::refused, 422, "refused_by_cloud"},
        {errc::inapplicable, 422, "not_applicable"},
        {errc::no_cloud, 422, "no_cloud"},
        {errc::internal, 500, "internal"},
        {errc::overloaded, 503, "overloaded"},
        {errc::unavailable, 503, "unavailable"},
        {errc::full, 507, "insufficient_storage"},
    };
    for (const auto& [code, status, name] : table) {
        CAPTURE(name);
        CHECK(status_of(code) == status);
        const auto answer = problem({code, "why \"so\""}, "r-1");
        CHECK(answer.status == status);
        CHECK(answer.content_type == "application/problem+json");
        const auto body = json::parse(answer.body).as_object();
        CHECK(body.at("type").as_string() == "about:blank");
        CHECK_FALSE(body.at("title").as_string().empty());
        CHECK(body.at("title").as_string() != "<unknown-status>");
        CHECK(body.at("status").as_int64() == status);
        CHECK(body.at("code").as_string() == name);
        CHECK(body.at("detail").as_string() == "why \"so\"");
        CHECK(body.at("request_id").as_string() == "r-1");
        CHECK_FALSE(body.contains("errors"));
        CHECK(header(answer, "Retry-After").empty() == (status != 503));
    }
}

TEST_CASE("what is unavailable says when to come again, soon unless it is known") {
    CHECK(header(problem({errc::unavailable, "away"}, "r"), "Retry-After") == "1");
    CHECK(header(problem({.code = errc::unavailable,
                          .detail = "away",
                          .retry_after = std::chrono::seconds(42)},
                         "r"),
                 "Retry-After") == "42");
}

TEST_CASE("wrong fields are listed, each with its detail") {
    const error failure{errc::invalid_field,
                        "two are wrong",
                        {{"tags[2]", "must be a string"}, {"limit", "is too \"big\""}}};
    const auto body = json::parse(problem(failure, "r").body);
    const auto& errors = body.at("errors").as_array();
    REQUIRE(errors.size() == 2);
    CHECK(errors[0].at("field").as_string() == "tags[2]");
    CHECK(errors[0].at("detail").as_string() == "must be a string");
    CHECK(errors[1].at("field").as_string() == "limit");
    CHECK(errors[1].at("detail").as_string() == "is too \"big\"");
}

TEST_CASE("a status of its own has its own code") {
    const auto answer = problem(405, "method_not_allowed", "the path answers to GET", "r");
    CHECK(answer.status == 405);
    const auto body = json::parse(answer.body);
    CHECK(body.at("code").as_string() == "method_not_allowed");
    CHECK(body.at("title").as_string() == "Method Not Allowed");
}

}  // namespace
}  // namespace memorypro::http
