#include "cli/listing.hpp"

#include <fmt/format.h>

#include <iostream>

#include "cli/json.hpp"
#include "cli/text.hpp"

namespace memorypro::cli {
namespace {

namespace json = boost::json;

void each_page(context& shared, const target& where, const paging& wanted,
               const std::function<void(const json::object&)>& show) {
    auto cursor = wanted.cursor;
    do {
        auto page_target = where;
        page_target.parameter("limit", std::to_string(wanted.limit));
        if (!cursor.empty()) page_target.parameter("cursor", cursor);
        const auto body = shared.daemon().call(method::get, page_target);
        const auto page = parse_object(body);
        if (shared.json)
            shared.print_json(body);
        else
            show(page);
        cursor = text_at(page, "next_cursor");
    } while (wanted.all && !cursor.empty());
    if (!cursor.empty() && !shared.json)
        std::cerr << fmt::format("more with --all, or --cursor {}\n", printable(cursor));
}

}  // namespace

void list_rows(context& shared, const target& where, const paging& wanted, std::string_view member,
               table rows, const std::function<void(table&, const json::object&)>& add_row,
               std::string_view none) {
    each_page(shared, where, wanted, [&](const json::object& page) {
        for (const auto& entry : array_at(page, member))
            if (const auto* one = entry.if_object()) add_row(rows, *one);
        if (!rows.empty())
            rows.print(std::cout, shared.screen);
        else if (integer_at(page, "total") == 0)
            std::cerr << none << '\n';
    });
}

}  // namespace memorypro::cli
