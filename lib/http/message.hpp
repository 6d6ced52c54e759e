// A request's head and a reply, as handlers see them.
#pragma once

#include <sys/types.h>

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/verb.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace memorypro::http {

using verb = boost::beast::http::verb;
using fields = boost::beast::http::fields;

// Who sent it: on a Unix socket the process that connected (SO_PEERCRED).
struct peer {
    bool local = false;
    uid_t uid = 0;
    pid_t pid = 0;
};

struct parameter {
    std::string name;  // decoded
    std::string value;
};

struct request {
    verb method = verb::get;
    std::string path;                   // as sent, without the query; routes are matched on it
    std::string query;                  // as sent, without the question mark
    std::vector<std::string> captures;  // the path's {…} segments, decoded, in their order
    http::fields headers;
    http::peer peer;
    std::string id;  // X-Request-Id of the reply

    // The header's value, empty when it is missing.
    std::string_view header(std::string_view name) const {
        const auto value = headers[boost::beast::string_view(name.data(), name.size())];
        return {value.data(), value.size()};
    }
};

struct reply {
    unsigned status = 200;
    std::string body = {};
    std::string_view content_type = "application/json";
    std::vector<std::pair<std::string_view, std::string>> headers = {};
    bool streamed = false;  // the handler has sent head and body itself
};

// A Content-Type without its parameters, in lower case.
std::string media_type(std::string_view content_type);

// Percent-decoding; nullopt where the escapes are broken.
std::optional<std::string> decode(std::string_view);

// The query string's parameters in their order; `bad_request` where its escapes are broken or give
// what is not UTF-8.
result<std::vector<parameter>> parse_query(std::string_view);

}  // namespace memorypro::http
