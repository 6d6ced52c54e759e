// A memory_filter as the conditions of a query over `memories AS m`.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "store/memory.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

class filter_sql {
public:
    explicit filter_sql(const memory_filter&);

    // "m.archived = 0 AND m.user_id = ? …", never empty.
    const std::string& conditions() const { return conditions_; }

    // Binds the values in their order; this object must outlive the statement's steps.
    void bind(statement&) const;

private:
    template <class Value>
    void require(std::string_view condition, Value value);

    std::string conditions_ = "1";
    std::vector<std::variant<std::string, std::int64_t>> values_;
};

}  // namespace memorypro::store::sqlite
