#include "insights/items.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace memorypro::insights {
namespace {

using kind = store::insight_kind;

struct member_name {
    std::string_view name;
    kind of;
};

// Where a document or an envelope's data has them.
constexpr member_name members[] = {
    {"evolution_updates", kind::evolution_update},
    {"lifecycle_recommendations", kind::lifecycle_recommendation},
    {"memory_insights", kind::memory_insights},
    {"discovered_actions", kind::discovered_action},
};

// Only where an envelope's data has them: elsewhere the names say too little.
constexpr member_name data_members[] = {
    {"updates", kind::evolution_update},
    {"recommendations", kind::lifecycle_recommendation},
    {"actions", kind::discovered_action},
};

bool is_known_event(std::string_view type) {
    return std::ranges::any_of(members, [&](const auto& m) { return m.name == type; });
}

void append_canonical(std::string& out, const json::value& value) {
    if (const auto* object = value.if_object()) {
        std::vector<const json::key_value_pair*> sorted;
        for (const auto& member : *object)
            sorted.push_back(&member);
        std::ranges::sort(sorted, {}, [](const auto* m) { return std::string_view(m->key()); });
        out += '{';
        for (const auto* member : sorted) {
            if (member != sorted.front()) out += ',';
            append_json(out, std::string_view(member->key()));
            out += ':';
            append_canonical(out, member->value());
        }
        out += '}';
    } else if (const auto* array = value.if_array()) {
        out += '[';
        for (const auto& element : *array) {
            if (&element != &array->front()) out += ',';
            append_canonical(out, element);
        }
        out += ']';
    } else {
        append_json(out, value);
    }
}

class reader {
public:
    // A list of items, or one alone.
    void take(kind of, const json::value& value) {
        if (const auto* list = value.if_array()) {
            for (const auto& one : *list)
                take_one(of, one);
        } else if (!value.is_null()) {
            take_one(of, value);
        }
    }

    void take_members(const json::object& from, std::span<const member_name> names) {
        for (const auto& [name, of] : names)
            if (const auto* value = from.if_contains(name)) take(of, *value);
    }

    // "insights": the members again, or the snapshot itself.
    void take_insights(const json::object& from) {
        const auto* value = from.if_contains("insights");
        if (!value) return;
        const auto* inner = value->if_object();
        const auto holds = [&](const auto& m) { return inner && inner->contains(m.name); };
        if (std::ranges::any_of(members, holds)) {
            take_members(*inner, members);
        } else {
            take(kind::memory_insights, *value);
        }
    }

    std::vector<item> all() {
        if (!beyond_.empty()) items.push_back({kind::unknown, '[' + beyond_ + ']'});
        return std::move(items);
    }

    std::vector<item> items;
    const json::value* user = nullptr;  // of the items that are taken

private:
    void take_one(kind of, const json::value& value) {
        const auto* object = value.if_object();
        if (object && object->empty()) return;
        if (items.size() == most_items) {
            if (!beyond_.empty()) beyond_ += ',';
            append_canonical(beyond_, value);
            return;
        }
        items.push_back({object ? of : kind::unknown, canonical_json(value), object, user});
    }

    std::string beyond_;  // of the bound, as the elements of an array
};

}  // namespace

std::string canonical_json(const json::value& value) {
    std::string out;
    append_canonical(out, value);
    return out;
}

bool is_test(const json::object& document) {
    const auto* type = document.if_contains("event_type");
    return type && type->is_string() && type->get_string() == test_event_type;
}

std::vector<item> read_items(const json::object& document) {
    reader found;
    const auto* type = document.if_contains("event_type");
    if (type && !(type->is_string() && is_known_event(std::string_view(type->get_string()))))
        return {{kind::unknown, canonical_json(document)}};
    found.take_members(document, members);
    found.take_insights(document);
    if (const auto* data = document.if_contains("data"); data && data->is_object()) {
        found.user = document.if_contains("user_id");
        found.take_members(data->get_object(), members);
        found.take_members(data->get_object(), data_members);
        found.take_insights(data->get_object());
    }
    if (type && found.items.empty()) return {{kind::unknown, canonical_json(document)}};
    return found.all();
}

}  // namespace memorypro::insights
