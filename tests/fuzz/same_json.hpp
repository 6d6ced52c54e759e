// Whether two JSON texts say the same, their doubles as exactly as Boost.JSON reads them.
//
// It may miss the nearest double by a unit in the last place (number_precision::imprecise, the only
// way before 1.83), so that a double with 17 digits that is written and read again can be its
// neighbour.
#pragma once

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cmath>
#include <string_view>

#include "base/json.hpp"

namespace memorypro::fuzz {

inline bool same_json(const json::value& a, const json::value& b) {
    if (a.kind() != b.kind()) return false;
    if (a.is_double()) {
        const double x = a.get_double(), y = b.get_double();
        return std::abs(x - y) <= 1e-15 * std::max(std::abs(x), std::abs(y)) + 1e-307;
    }
    if (a.is_array())
        return std::ranges::equal(a.get_array(), b.get_array(),
                                  [](const auto& x, const auto& y) { return same_json(x, y); });
    if (!a.is_object()) return a == b;
    const auto& other = b.get_object();
    return a.get_object().size() == other.size() &&
           std::ranges::all_of(a.get_object(), [&other](const auto& member) {
               const auto* found = other.if_contains(member.key());
               return found && same_json(member.value(), *found);
           });
}

inline bool same_json(std::string_view a, std::string_view b) {
    if (a == b) return true;
    json::parse_options options;
    options.max_depth = deepest_document;
    boost::system::error_code unfit, unfit_too;
    const auto x = json::parse(a, unfit, {}, options);
    const auto y = json::parse(b, unfit_too, {}, options);
    return !unfit && !unfit_too && same_json(x, y);
}

}  // namespace memorypro::fuzz
