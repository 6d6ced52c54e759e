// What the memories here are like, counted: never what they say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace memorypro::store {

struct frequency {
    std::string value;
    std::int64_t count = 0;
};

// Of the newest memories, archived ones included but where it says otherwise.
struct survey {
    std::int64_t looked_at = 0;
    // Not archived, and with a user, an agent, a session or a tag: a recall can use and place them.
    std::int64_t in_order = 0;
    // Each most frequent first, then by name.
    std::vector<frequency> types;
    std::vector<frequency> tags;
    std::vector<frequency> users;
    std::vector<frequency> agents;
};

}  // namespace memorypro::store
