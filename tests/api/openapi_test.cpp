// The description against the tables of routes, in both directions.
#include <boost/beast/http/verb.hpp>
#include <set>

#include "api/fixture.hpp"
#include "api/openapi.hpp"

namespace memorypro::api {
namespace {

using operations = std::set<std::string>;  // "GET /livez"

constexpr std::string_view webhook_path = "/memorypro/webhook";

json::object description() {
    return parse_object(openapi_json()).value();
}

// The other members of a path are about all of its operations.
operations described(bool webhook) {
    operations all;
    const auto document = description();
    for (const auto& [path, item] : document.at("paths").as_object())
        for (const auto& [name, operation] : item.as_object()) {
            std::string method(name);
            for (auto& c : method)
                c = static_cast<char>(std::toupper(c));
            const auto verb = boost::beast::http::string_to_verb(method);
            if (verb != http::verb::unknown && (path == webhook_path) == webhook)
                all.insert(method + ' ' + std::string(path));
        }
    return all;
}

operations routed(const std::vector<http::route>& table) {
    operations all;
    for (const auto& one : table)
        all.insert(std::string(boost::beast::http::to_string(one.method)) + ' ' +
                   std::string(one.pattern));
    return all;
}

TEST_CASE("each route of the socket is described, and each description has a route") {
    api_fixture f;
    CHECK(described(false) == routed(local_routes(f.parts)));
}

TEST_CASE("the webhook's route is described, by its default path") {
    api_fixture f;
    auto table = routed(f.receiver.routes().routes());
    table.erase("POST " + std::string(webhook_path) + '/');  // the same
    CHECK(described(true) == table);
}

// They have two servers, the second being the listener of the metrics.
TEST_CASE("what the metrics' listener answers is described as such") {
    api_fixture f;
    operations there;
    const auto document = description();
    for (const auto& [path, item] : document.at("paths").as_object()) {
        const auto* servers = item.as_object().if_contains("servers");
        if (servers && servers->as_array().size() == 2) there.insert("GET " + std::string(path));
    }
    CHECK(there == routed(metrics_routes(f.parts)));
}

TEST_CASE("no two operations have the same name") {
    std::set<std::string_view> names;
    const auto document = description();
    for (const auto& [path, item] : document.at("paths").as_object())
        for (const auto& [method, operation] : item.as_object())
            if (const auto* members = operation.if_object())
                if (const auto* name = members->if_contains("operationId"))
                    CHECK(names.insert(std::string_view(name->as_string())).second);
    CHECK(names.size() == described(false).size() + described(true).size());
}

}  // namespace
}  // namespace memorypro::api
