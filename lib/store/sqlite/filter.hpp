// A memory_filter as the conditions of a query over `memories AS m`.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "store/memory.hpp"
#include "store/search.hpp"
#include "store/sqlite/connection.hpp"

namespace memorypro::store::sqlite {

enum class scope { user = 1, agent = 2, session = 3 };  // as memory_scopes numbers them

class filter_sql {
public:
    // With `indexed`, from() may go by the scopes' index, which holds the memories up to
    // indexed_seq.
    explicit filter_sql(const memory_filter&, bool indexed = true);
    // All that a search is restricted to.
    explicit filter_sql(const search&);

    // "m.archived = 0 AND m.user_id = ? …", never empty.
    const std::string& conditions() const { return conditions_; }

    // Whether a user, agent or session narrows it, so that from() goes by the scopes' index.
    bool scoped() const { return scope_.has_value(); }
    // "FROM memories AS m WHERE " and, when scoped, the join and its condition, bound by bind_from.
    std::string from() const;
    void bind_from(statement&) const;
    // The column to order by.
    std::string_view seq() const { return scoped() ? "s.seq" : "m.seq"; }

    // Binds the values in their order; this object must outlive the statement's steps.
    void bind(statement&) const;

private:
    template <class Value>
    void require(std::string_view condition, Value value);

    std::optional<scope> scope_;
    std::string scope_value_;
    std::string conditions_ = "1";
    std::vector<std::variant<std::string, std::int64_t>> values_;
};

}  // namespace memorypro::store::sqlite
