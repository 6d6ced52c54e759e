#include "api/query.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/time.hpp"
#include "http/message.hpp"
#include "store/insight_names.hpp"
#include "store/names.hpp"

namespace memorypro::api {
namespace {

std::optional<std::int64_t> parse_whole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<bool> parse_flag(std::string_view text) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
}

std::optional<error> wrong(const http::parameter& given, std::string_view detail) {
    return invalid_field(given.name, std::string(detail));
}

std::optional<error> read_time(const http::parameter& given, std::optional<timestamp>& out) {
    out = parse_time(given.value);
    return out ? std::nullopt : wrong(given, "must be an RFC 3339 time");
}

std::optional<error> read_limit(const http::parameter& given, std::size_t& out) {
    const auto limit = parse_whole(given.value);
    if (!limit || *limit < 1 || *limit > std::int64_t{most_listed})
        return wrong(given, fmt::format("must be a whole number from 1 to {}", most_listed));
    out = static_cast<std::size_t>(*limit);
    return std::nullopt;
}

std::optional<error> read_cursor(const http::parameter& given, std::optional<std::int64_t>& out) {
    out = parse_whole(given.value);
    if (out && *out >= 1) return std::nullopt;
    return wrong(given, "is not a cursor that a listing gave");
}

// One parameter into the request; what is wrong with it.
std::optional<error> apply(const http::parameter& given, list_request& out) {
    constexpr std::string_view metadata = "metadata.";
    auto& filter = out.filter;
    const auto& name = given.name;
    if (name == "user_id") {
        filter.user_id = given.value;
    } else if (name == "agent_id") {
        filter.agent_id = given.value;
    } else if (name == "session_id") {
        filter.session_id = given.value;
    } else if (name == "memory_type" || name == "type") {
        filter.memory_type = given.value;
    } else if (name == "tags") {
        filter.tags.push_back(given.value);
    } else if (name == "since") {
        return read_time(given, filter.since);
    } else if (name == "until") {
        return read_time(given, filter.until);
    } else if (name == "include_archived") {
        const auto flag = parse_flag(given.value);
        if (!flag) return wrong(given, "must be true or false");
        filter.include_archived = *flag;
    } else if (name == "limit") {
        return read_limit(given, out.limit);
    } else if (name == "cursor") {
        return read_cursor(given, out.cursor);
    } else if (name.starts_with(metadata) && name.size() > metadata.size()) {
        filter.metadata.push_back({name.substr(metadata.size()),
                                   store::metadata_condition::kind::as_written, given.value});
    } else {
        return wrong(given, "is not a parameter of this listing");
    }
    return std::nullopt;
}

std::optional<error> apply(const http::parameter& given, queue_request& out) {
    if (given.name == "limit") return read_limit(given, out.limit);
    if (given.name == "cursor") return read_cursor(given, out.cursor);
    if (given.name != "state") return wrong(given, "is not a parameter of this listing");
    out.state = store::parse_outbox_state(given.value);
    if (!out.state) return wrong(given, "must be pending, in_flight or dead");
    return std::nullopt;
}

std::optional<error> apply(const http::parameter& given, insights_request& out) {
    if (given.name == "limit") return read_limit(given, out.limit);
    if (given.name != "since" && given.name != "cursor")
        return wrong(given, "is not a parameter of this listing");
    if (out.since) return wrong(given, "says again where to begin");
    out.since = parse_whole(given.value);
    if (!out.since || *out.since < 0) return wrong(given, "must be the id of an insight");
    return std::nullopt;
}

std::optional<error> apply(const http::parameter& given, recommendations_request& out) {
    if (given.name == "limit") return read_limit(given, out.limit);
    if (given.name == "cursor") return read_cursor(given, out.cursor);
    if (given.name != "status") return wrong(given, "is not a parameter of this listing");
    out.status = store::parse_recommendation_status(given.value);
    if (!out.status) return wrong(given, "must be pending, applied or dismissed");
    return std::nullopt;
}

std::optional<error> apply(const http::parameter& given, actions_request& out) {
    if (given.name == "limit") return read_limit(given, out.limit);
    if (given.name == "cursor") {
        out.cursor = given.value;
        return std::nullopt;
    }
    if (given.name != "status") return wrong(given, "is not a parameter of this listing");
    out.status = store::parse_action_status(given.value);
    if (!out.status)
        return wrong(given, "must be pending, in_progress, completed, failed or cancelled");
    return std::nullopt;
}

// Whether a parameter that has one value was given before: which of them would count?
bool is_repeated(const std::vector<http::parameter>& all, const http::parameter& given) {
    const auto meaning = [](const http::parameter& p) {
        return p.name == "type" ? std::string_view("memory_type") : std::string_view(p.name);
    };
    if (given.name == "tags" || given.name.starts_with("metadata.")) return false;
    for (const auto& earlier : all) {
        if (&earlier == &given) return false;
        if (meaning(earlier) == meaning(given)) return true;
    }
    return false;
}

// Every parameter into the request; all that is wrong with them.
template <class Request>
result<Request> apply_all(std::string_view query) {
    const auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    Request out;
    error all{errc::invalid_field, {}};
    for (const auto& given : *parameters) {
        auto failure = is_repeated(*parameters, given) ? wrong(given, "is given more than once")
                                                       : apply(given, out);
        if (failure) {
            all.detail += (all.detail.empty() ? "" : "; ") + failure->detail;
            all.fields.push_back(std::move(failure->fields.front()));
        }
    }
    if (!all.fields.empty()) return all;
    return out;
}

}  // namespace

result<list_request> parse_list_query(std::string_view query) {
    constexpr std::size_t most_conditions = 32;
    auto out = apply_all<list_request>(query);
    if (out && out->filter.tags.size() + out->filter.metadata.size() > most_conditions)
        return invalid_field("tags", fmt::format("and metadata are more than {}", most_conditions));
    return out;
}

result<queue_request> parse_queue_query(std::string_view query) {
    return apply_all<queue_request>(query);
}

result<insights_request> parse_insights_query(std::string_view query) {
    return apply_all<insights_request>(query);
}

result<recommendations_request> parse_recommendations_query(std::string_view query) {
    return apply_all<recommendations_request>(query);
}

result<actions_request> parse_actions_query(std::string_view query) {
    return apply_all<actions_request>(query);
}

result<void> expect_no_query(std::string_view query) {
    const auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    if (!parameters->empty())
        return invalid_field(parameters->front().name, "is not a parameter here");
    return result<void>();
}

result<std::int64_t> parse_number_query(std::string_view query, std::string_view name,
                                        std::int64_t least, std::int64_t most,
                                        std::int64_t fallback) {
    const auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    std::int64_t value = fallback;
    for (const auto& given : *parameters) {
        if (given.name != name) return invalid_field(given.name, "is not a parameter here");
        const auto number = parse_whole(given.value);
        if (!number || *number < least || *number > most)
            return invalid_field(given.name,
                                 fmt::format("must be a whole number from {} to {}", least, most));
        value = *number;
    }
    return value;
}

}  // namespace memorypro::api
