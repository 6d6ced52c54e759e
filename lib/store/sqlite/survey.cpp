#include "store/sqlite/survey.hpp"

namespace memorypro::store::sqlite {
namespace {

std::vector<frequency> values_of(statement rows) {
    std::vector<frequency> found;
    while (rows.step())
        found.push_back({rows.text(0), rows.integer(1)});
    return found;
}

}  // namespace

survey survey_rows(connection& db, std::size_t newest, std::size_t most_values) {
    const auto rows = static_cast<std::int64_t>(newest);
    const auto most = static_cast<std::int64_t>(most_values);
    const auto counted = [&](sql text) {
        auto query = db.prepare(text);
        query.bind(rows).bind(most);
        return values_of(std::move(query));
    };
    survey found;
    {
        auto query = db.prepare(
            "SELECT count(*), coalesce(sum(NOT archived AND (user_id IS NOT NULL OR agent_id IS "
            "NOT NULL OR session_id IS NOT NULL OR json_array_length(tags) > 0)), 0) "
            "FROM (SELECT archived, user_id, agent_id, session_id, tags FROM memories "
            "ORDER BY seq DESC LIMIT ?)");
        query.bind(rows);
        query.step();
        found.looked_at = query.integer(0);
        found.in_order = query.integer(1);
    }
    found.types = counted(
        "SELECT memory_type, count(*) AS n FROM (SELECT memory_type FROM memories ORDER BY seq "
        "DESC LIMIT ?) GROUP BY memory_type ORDER BY n DESC, memory_type LIMIT ?");
    found.tags = counted(
        "SELECT j.value, count(*) AS n FROM (SELECT tags FROM memories ORDER BY seq DESC LIMIT ?) "
        "AS m, json_each(m.tags) AS j GROUP BY j.value ORDER BY n DESC, j.value LIMIT ?");
    found.users = counted(
        "SELECT user_id, count(*) AS n FROM (SELECT user_id FROM memories ORDER BY seq DESC LIMIT "
        "?) WHERE user_id IS NOT NULL GROUP BY user_id ORDER BY n DESC, user_id LIMIT ?");
    found.agents = counted(
        "SELECT agent_id, count(*) AS n FROM (SELECT agent_id FROM memories ORDER BY seq DESC "
        "LIMIT ?) WHERE agent_id IS NOT NULL GROUP BY agent_id ORDER BY n DESC, agent_id LIMIT ?");
    return found;
}

}  // namespace memorypro::store::sqlite
