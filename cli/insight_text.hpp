// What the cloud finds out, in a line for people. Lenient: the cloud's words change.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace memorypro::cli {

// Of an insight's payload: "archive mem_1: Low relevance"; its JSON where there are no such words.
std::string insight_line(std::string_view kind, const boost::json::value& payload);

// {"pattern":"top_tags","values":[{"value":"a","count":3}]} as "top tags: a (3)"; any other as
// text.
std::string pattern_line(const boost::json::value&);

// "memory_health_score" as "memory health score".
std::string words_of(std::string_view name);

}  // namespace memorypro::cli
