// Which handler answers a request: a table of verb and path.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

namespace memorypro::http {

class exchange;

using handler = std::function<awaitable<result<reply>>(exchange&)>;

enum class body_kind {
    none,    // must not matter: it is read and dropped
    json,    // read whole, up to the server's limit, before the handler is called
    bytes,   // as json, whatever its Content-Type
    stream,  // the handler takes it piece by piece
};

struct route {
    verb method;
    std::string_view pattern;  // "/api/v1/memory/{id}"; {…} is one segment, any characters
    handler handle;
    body_kind body = body_kind::none;
    bool mutates = false;  // logged with the peer's credentials
};

struct match {
    std::shared_ptr<const route> found;  // null: none, or none for this verb
    std::vector<std::string> captures;   // decoded
    std::string allow;                   // the path's verbs, when only the verb was wrong
};

class router {
public:
    explicit router(std::vector<route> routes) { replace(std::move(routes)); }

    // Requests that have found their route keep it.
    void replace(std::vector<route> routes) {
        routes_ = std::make_shared<const std::vector<route>>(std::move(routes));
    }

    // HEAD finds what GET finds. A path that is spelled out wins over one with a {…}, whatever the
    // verb, so that "/memory/store" is never a memory's id; "%73tore" is.
    match find(verb, std::string_view path) const;

    const std::vector<route>& routes() const { return *routes_; }

private:
    std::shared_ptr<const std::vector<route>> routes_;
};

}  // namespace memorypro::http
