#include "cli/table.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>

#include "cli/text.hpp"

namespace memorypro::cli {

namespace {

constexpr std::size_t column_gap = 2;
constexpr std::size_t narrowest = 8;  // a column is never cut below this

std::string padded(std::string text, std::size_t width) {
    const auto used = columns_of(text);
    if (used < width) text.append(width - used, ' ');
    return text;
}

}  // namespace

table::table(std::vector<column> columns) : columns_(std::move(columns)) {}

void table::add(std::vector<cell> cells) {
    cells.resize(columns_.size(), "");
    for (auto& each : cells)
        each.text = printable(each.text);
    rows_.push_back(std::move(cells));
}

void table::print(std::ostream& out, const terminal& screen) {
    if (widths_.empty()) {
        fix_widths(screen);
        std::vector<cell> titles;
        for (const auto& column : columns_)
            titles.emplace_back(column.title);
        out << screen.styled(style::bold, line(titles, screen)) << '\n';
    }
    for (const auto& row : rows_)
        out << line(row, screen) << '\n';
    rows_.clear();
}

void table::fix_widths(const terminal& screen) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        auto width = columns_of(columns_[i].title);
        for (const auto& row : rows_)
            width = std::max(width, columns_of(row[i].text));
        widths_.push_back(width);
    }
    if (!screen.width) return;

    const auto gaps = column_gap * (columns_.size() - 1);
    auto total = std::accumulate(widths_.begin(), widths_.end(), gaps);
    const auto narrow = [&](bool flexible) {
        for (std::size_t i = columns_.size(); i-- > 0 && total > *screen.width;) {
            if (columns_[i].flexible != flexible || widths_[i] <= narrowest) continue;
            const auto cut = std::min(widths_[i] - narrowest, total - *screen.width);
            widths_[i] -= cut;
            total -= cut;
        }
    };
    narrow(true);
    narrow(false);
}

std::string table::line(const std::vector<cell>& cells, const terminal& screen) const {
    std::string text;
    std::size_t spaces = 0;  // owed to the next cell that has something: none ends the line
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto& [whole, shown_as] = cells[i];
        const auto shown = screen.width ? shortened(whole, widths_[i]) : whole;
        const auto used = std::min(columns_of(shown), widths_[i]);
        const auto free = widths_[i] - used;
        if (columns_[i].right) spaces += free;
        if (!shown.empty()) {
            text.append(spaces, ' ');
            text += screen.styled(shown_as, shown);
            spaces = 0;
        }
        spaces += column_gap + (columns_[i].right ? 0 : free);
    }
    return text;
}

void fields::add(std::string name, std::string value, style shown_as) {
    entries_.push_back({std::move(name), printable(value), shown_as});
}

void fields::print(std::ostream& out, const terminal& screen) const {
    std::size_t width = 0;
    for (const auto& each : entries_)
        width = std::max(width, columns_of(each.name));
    for (const auto& each : entries_) {
        out << screen.styled(style::bold, padded(each.name, width)) << std::string(column_gap, ' ')
            << screen.styled(each.shown_as, each.value) << '\n';
    }
}

}  // namespace memorypro::cli
