// Rows under a header, fitted to the terminal.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/terminal.hpp"

namespace memorypro::cli {

struct column {
    std::string title;
    bool right = false;     // numbers
    bool flexible = false;  // gives way first when the terminal is narrow
};

struct cell {
    cell(std::string shown, style look = style::plain) : text(std::move(shown)), shown_as(look) {}
    cell(const char* shown) : text(shown) {}

    std::string text;
    style shown_as = style::plain;
};

// Cells are made printable. Rows are held until print(), which may be called again for more of
// them: the first call writes the header and fixes the widths, so that pages line up.
class table {
public:
    explicit table(std::vector<column> columns);

    void add(std::vector<cell> cells);
    bool empty() const { return rows_.empty(); }
    void print(std::ostream&, const terminal&);

private:
    void fix_widths(const terminal&);
    std::string line(const std::vector<cell>& cells, const terminal&) const;

    std::vector<column> columns_;
    std::vector<std::size_t> widths_;  // empty before the first print()
    std::vector<std::vector<cell>> rows_;
};

// "name   value" lines; a value may not span lines.
class fields {
public:
    void add(std::string name, std::string value, style = style::plain);
    void print(std::ostream&, const terminal&) const;

private:
    struct entry {
        std::string name;
        std::string value;
        style shown_as;
    };
    std::vector<entry> entries_;
};

}  // namespace memorypro::cli
