// Query strings as typed values: every wrong or unknown parameter is an error, none is dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/insight.hpp"
#include "store/memory.hpp"
#include "store/outbox.hpp"

namespace memorypro::api {

inline constexpr std::size_t most_listed = 1000;

struct list_request {
    store::memory_filter filter;
    std::size_t limit = 100;
    std::optional<std::int64_t> cursor;
};

result<list_request> parse_list_query(std::string_view query);

struct queue_request {
    std::optional<store::outbox_state> state;
    std::size_t limit = 100;
    std::optional<std::int64_t> cursor;
};

result<queue_request> parse_queue_query(std::string_view query);

struct insights_request {
    std::optional<std::int64_t> since;  // the last id seen; also called cursor
    std::size_t limit = 100;
};

result<insights_request> parse_insights_query(std::string_view query);

struct recommendations_request {
    std::optional<store::recommendation_status> status;
    std::size_t limit = 100;
    std::optional<std::int64_t> cursor;
};

result<recommendations_request> parse_recommendations_query(std::string_view query);

struct actions_request {
    std::optional<store::action_status> status;
    std::size_t limit = 100;
    std::optional<std::string> cursor;
};

result<actions_request> parse_actions_query(std::string_view query);

// For what takes no parameters: a filter that does nothing must not look as if it did.
result<void> expect_no_query(std::string_view query);

// The one whole number that a query may hold, within the range; `fallback` without it.
result<std::int64_t> parse_number_query(std::string_view query, std::string_view name,
                                        std::int64_t least, std::int64_t most,
                                        std::int64_t fallback);

}  // namespace memorypro::api
