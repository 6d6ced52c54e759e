// The counts of a survey, in SQL. Reads no content.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/survey.hpp"

namespace memorypro::store::sqlite {

survey survey_rows(connection&, std::size_t newest, std::size_t most_values);

}  // namespace memorypro::store::sqlite
