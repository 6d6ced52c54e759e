// Insights, recommendations and actions as the API and the events show them: JSON objects.
#pragma once

#include <string>

#include "store/insight.hpp"

namespace memorypro::insights {

void append_insight(std::string& out, const store::insight&);
void append_recommendation(std::string& out, const store::recommendation&);
void append_action(std::string& out, const store::action&);

}  // namespace memorypro::insights
