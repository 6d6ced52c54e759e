// Whether a text is an object, for whoever does not want its values.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/json.hpp"

namespace memorypro {

// True: parse_object would give one. False: it decides, since it keeps the last of the members that
// have the same name. Several times as fast, since nothing is kept here.
bool is_object(std::string_view text, std::size_t deepest = most_depth);

}  // namespace memorypro
