#include "http/router.hpp"

#include "support/catch.hpp"

namespace memorypro::http {
namespace {

const router& routes() {
    static const router table({{verb::post, "/memory/store", {}},
                               {verb::get, "/memory/{id}", {}},
                               {verb::delete_, "/memory/{id}", {}},
                               {verb::get, "/memory", {}},
                               {verb::post, "/queue/{id}/retry", {}},
                               {verb::get, "/a/{x}/b/{y}", {}},
                               {verb::get, "/", {}}});
    return table;
}

// "pattern [captures]", or "allow …", or "none".
std::string found(verb method, std::string_view path) {
    const auto match = routes().find(method, path);
    if (!match.found) return match.allow.empty() ? "none" : "allow " + match.allow;
    std::string text(match.found->pattern);
    for (const auto& capture : match.captures)
        text += " [" + capture + ']';
    return text;
}

TEST_CASE("a path finds its route, a segment in braces takes any id") {
    CHECK(found(verb::get, "/memory/m-1") == "/memory/{id} [m-1]");
    CHECK(found(verb::delete_, "/memory/m-1") == "/memory/{id} [m-1]");
    CHECK(found(verb::get, "/memory") == "/memory");
    CHECK(found(verb::post, "/queue/7/retry") == "/queue/{id}/retry [7]");
    CHECK(found(verb::get, "/a/1/b/2") == "/a/{x}/b/{y} [1] [2]");
    CHECK(found(verb::get, "/") == "/");
}

TEST_CASE("an id may hold any characters, percent-encoded") {
    CHECK(found(verb::get, "/memory/a%2Fb%20c%25") == "/memory/{id} [a/b c%]");
    CHECK(found(verb::get, "/memory/%C3%A4") == "/memory/{id} [\u00e4]");
    CHECK(found(verb::get, "/memory/a+b:c@d;e") == "/memory/{id} [a+b:c@d;e]");
    CHECK(found(verb::get, "/memory/..") == "/memory/{id} [..]");
    CHECK(found(verb::get, "/memory/%zz") == "none");
}

TEST_CASE("a path that is spelled out is never an id, whatever the verb") {
    CHECK(found(verb::post, "/memory/store") == "/memory/store");
    CHECK(found(verb::get, "/memory/store") == "allow POST");
    CHECK(found(verb::delete_, "/memory/store") == "allow POST");
}

TEST_CASE("an escaped literal is an id") {
    CHECK(found(verb::get, "/memory/%73tore") == "/memory/{id} [store]");
    CHECK(found(verb::post, "/memory/%73tore") == "allow GET, HEAD, DELETE");
}

TEST_CASE("HEAD finds what GET finds") {
    CHECK(found(verb::head, "/memory/m-1") == "/memory/{id} [m-1]");
    CHECK(found(verb::head, "/memory/store") == "allow POST");
}

TEST_CASE("a wrong verb is told the right ones") {
    CHECK(found(verb::patch, "/memory/m-1") == "allow GET, HEAD, DELETE");
    CHECK(found(verb::put, "/memory") == "allow GET, HEAD");
    CHECK(found(verb::unknown, "/memory") == "allow GET, HEAD");
    CHECK(found(verb::get, "/queue/7/retry") == "allow POST");
}

TEST_CASE("what no route spells is not found") {
    for (const char* path : {"", "/memory/", "/memory/a/b", "/memory//", "//memory", "/Memory",
                             "/queue//retry", "/queue/7/retry/", "/queue/7", "memory", "*", "/mem",
                             "/a/1/b", "/a/1/c/2", "/%6demory", "http://host/memory"}) {
        CAPTURE(path);
        CHECK(found(verb::get, path) == "none");
    }
}

TEST_CASE("a request keeps the route that it has found while others replace it") {
    router routes({{verb::post, "/old", {}, body_kind::bytes}});
    const auto found = routes.find(verb::post, "/old");
    routes.replace({{verb::post, "/new", {}}});
    REQUIRE(found.found);
    CHECK(found.found->pattern == "/old");
    CHECK(found.found->body == body_kind::bytes);
    CHECK_FALSE(routes.find(verb::post, "/old").found);
    CHECK(routes.find(verb::post, "/new").found);
}

}  // namespace
}  // namespace memorypro::http
