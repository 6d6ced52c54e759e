// What the verbs that list have in common.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string_view>

#include "cli/arguments.hpp"
#include "cli/context.hpp"
#include "cli/table.hpp"
#include "cli/target.hpp"

namespace memorypro::cli {

// GETs `where` page by page: one page, or all of them. With --json each page is printed as it came,
// else as rows: `add_row` gets each object of its `member`. `none` is told on standard error where
// there are none at all, and so is what is left after the page.
void list_rows(context&, const target& where, const paging&, std::string_view member, table rows,
               const std::function<void(table&, const boost::json::object&)>& add_row,
               std::string_view none);

}  // namespace memorypro::cli
