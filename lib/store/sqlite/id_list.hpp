// A list of ids as a column holds it: a JSON array.
#pragma once

#include <string>
#include <vector>

namespace memorypro::store::sqlite {

std::string write_ids(const std::vector<std::string>&);
std::vector<std::string> read_ids(const std::string&);

}  // namespace memorypro::store::sqlite
