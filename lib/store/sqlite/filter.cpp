#include "store/sqlite/filter.hpp"

#include "store/sqlite/edited.hpp"

namespace memorypro::store::sqlite {
namespace {

// What must hold of `j`, one entry of the metadata.
std::string_view equals(metadata_condition::kind type) {
    switch (type) {
        case metadata_condition::kind::text:
            return "j.type = 'text' AND j.value = ?";
        case metadata_condition::kind::number:
            return "j.type IN ('integer', 'real') AND j.value = CAST(? AS NUMERIC)";
        case metadata_condition::kind::literal:
            return "j.type = ?";
        case metadata_condition::kind::structured:
            return "j.type IN ('object', 'array') AND j.value = ?";
        case metadata_condition::kind::as_written:
            break;
    }
    return "CASE WHEN j.type IN ('true', 'false', 'null') THEN j.type"
           " ELSE CAST(j.value AS TEXT) END = ?";
}

}  // namespace

template <class Value>
void filter_sql::require(std::string_view condition, Value value) {
    conditions_ += " AND ";
    conditions_ += condition;
    values_.emplace_back(std::move(value));
}

filter_sql::filter_sql(const memory_filter& wanted, bool indexed) {
    if (!wanted.include_archived) conditions_ += " AND m.archived = 0";
    // The narrowest scope comes last: it is the one that from() goes by.
    const auto require_scope = [this, indexed](scope which, const char* condition,
                                               const auto& value) {
        if (!value) return;
        require(condition, *value);
        if (!indexed) return;
        scope_ = which;
        scope_value_ = *value;
    };
    require_scope(scope::agent, "m.agent_id = ?", wanted.agent_id);
    require_scope(scope::user, "m.user_id = ?", wanted.user_id);
    require_scope(scope::session, "m.session_id = ?", wanted.session_id);
    if (wanted.memory_type) require("m.memory_type = ?", *wanted.memory_type);
    if (wanted.since) require("m.time >= ?", wanted.since->time_since_epoch().count());
    if (wanted.until) require("m.time <= ?", wanted.until->time_since_epoch().count());
    for (const auto& tag : wanted.tags)
        require("EXISTS (SELECT 1 FROM json_each(m.tags) AS j WHERE j.value = ?)", tag);
    for (const auto& condition : wanted.metadata) {
        require("EXISTS (SELECT 1 FROM json_each(m.metadata) AS j WHERE j.key = ? AND " +
                    std::string(equals(condition.type)) + ")",
                condition.key);
        values_.emplace_back(condition.value);
    }
}

filter_sql::filter_sql(const search& wanted) : filter_sql(wanted.filter) {
    if (wanted.unsynced_only) conditions_.append(" AND ").append(unsynced_condition);
}

std::string filter_sql::from() const {
    if (!scoped()) return "FROM memories AS m WHERE ";
    return "FROM memory_scopes AS s CROSS JOIN memories AS m ON m.seq = s.seq"
           " WHERE s.scope = ? AND s.value = ? AND ";
}

void filter_sql::bind_from(statement& query) const {
    if (scoped()) query.bind(static_cast<std::int64_t>(*scope_)).bind(scope_value_);
}

void filter_sql::bind(statement& query) const {
    for (const auto& value : values_)
        std::visit([&query](const auto& bound) { query.bind(bound); }, value);
}

}  // namespace memorypro::store::sqlite
