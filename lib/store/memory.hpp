// The memory as every module passes it on, and the ways to pick some of them.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace memorypro::store {

enum class priority { low, medium, high, urgent };
enum class sync_state { local, synced, queued, dead };

// What a caller stores. The *_json members are minified JSON texts, empty when there is nothing.
struct memory_content {
    std::string content;
    std::string metadata_json;  // an object
    std::string tags_json;      // an array of strings
    std::string extra_json;     // an object: the fields that we do not know
    std::optional<std::string> user_id;
    std::optional<std::string> agent_id;
    std::optional<std::string> session_id;
    std::string memory_type = "conversation";
    store::priority priority = priority::medium;
    std::optional<timestamp> time;  // of the event; none: when it is stored

    bool operator==(const memory_content&) const = default;
};

// Whether a memory is hidden from recall; a recommendation that hid it shows it again when that is
// dismissed.
struct archive_mark {
    std::int64_t value = 0;  // 0: not archived; 1: by a person; -n: by the recommendation n

    archive_mark() = default;
    archive_mark(std::same_as<bool> auto by_a_person) : value(by_a_person) {}
    static archive_mark of_value(std::int64_t value) {
        archive_mark made;
        made.value = value;
        return made;
    }
    static archive_mark of_recommendation(std::int64_t id) { return of_value(-id); }
    explicit operator bool() const { return value != 0; }
    bool operator==(const archive_mark&) const = default;
};

struct memory {
    std::int64_t seq = 0;  // position in the order of arrival
    std::string id;
    memory_content what;  // `time` is always set
    timestamp created_at;
    archive_mark archived = {};
    store::sync_state sync_state = sync_state::local;
    int revision = 0;  // rises with each change that the cloud should have
};

// A memory on its way in.
struct new_memory {
    std::string id;
    memory_content what;
    timestamp created_at;
    archive_mark archived = {};
};

// Only what is set changes.
struct memory_patch {
    std::optional<std::string> content;
    std::optional<std::string> metadata_json;
    std::optional<std::string> tags_json;
    std::optional<std::string> memory_type;
    std::optional<store::priority> priority;
    std::optional<timestamp> time;
    std::optional<archive_mark> archived;
};

// metadata.<key> equals a value.
struct metadata_condition {
    enum class kind {
        text,        // the value is the string
        number,      // 1 and 1.0 are equal
        literal,     // "true", "false" or "null"
        structured,  // minified JSON of an object or array
        as_written,  // from a query string, which has no types: any scalar that JSON writes so
    };
    std::string key;
    kind type = kind::text;
    std::string value;

    bool operator==(const metadata_condition&) const = default;
};

// Every condition restricts; the default lets all but archived memories through.
struct memory_filter {
    std::optional<std::string> user_id;
    std::optional<std::string> agent_id;
    std::optional<std::string> session_id;
    std::optional<std::string> memory_type;
    std::vector<std::string> tags;  // all of them
    std::vector<metadata_condition> metadata;
    std::optional<timestamp> since;  // event time, inclusive
    std::optional<timestamp> until;  // event time, inclusive
    bool include_archived = false;

    bool operator==(const memory_filter&) const = default;
};

}  // namespace memorypro::store
