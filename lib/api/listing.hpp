// Numbered items as paths and listings name them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/resources.hpp"
#include "store/insight.hpp"

namespace memorypro::api {

// The path's {id}; what is no number of ours is nobody's: 0.
std::int64_t item_id(const http::exchange&);

inline std::string cursor_text(std::int64_t next) {
    return std::to_string(next);
}
inline std::string cursor_text(std::string next) {
    return next;
}

// {"<resource>":[…],"next_cursor":…|null,"total":n}
template <class Listing, class Append>
http::reply listing_reply(std::string_view resource, const Listing& page, Append append) {
    std::string out = "{";
    append_json(out, resource);
    out += ":[";
    for (const auto& item : page.items) {
        if (&item != &page.items.front()) out += ',';
        append(out, item);
    }
    out += "],\"next_cursor\":";
    if (page.next)
        append_json(out, std::string_view(cursor_text(*page.next)));
    else
        out += "null";
    return json_reply(200, out += ",\"total\":" + std::to_string(page.total) + '}');
}

}  // namespace memorypro::api
