#include "insights/text.hpp"

#include "base/json.hpp"
#include "store/insight_names.hpp"
#include "store/names.hpp"

namespace memorypro::insights {
namespace {

// One object, member by member; ids are numbers here and strings there.
class object_text {
public:
    explicit object_text(std::string& out) : out_(out) { out_ += '{'; }
    ~object_text() { out_ += '}'; }
    object_text(const object_text&) = delete;
    object_text& operator=(const object_text&) = delete;

    object_text& text(std::string_view name, std::string_view value) {
        name_of(name);
        append_json(out_, value);
        return *this;
    }
    object_text& raw(std::string_view name, std::string_view json) {
        name_of(name);
        out_ += json;
        return *this;
    }
    object_text& texts(std::string_view name, const std::vector<std::string>& values) {
        name_of(name);
        out_ += '[';
        for (const auto& value : values) {
            if (&value != &values.front()) out_ += ',';
            append_json(out_, std::string_view(value));
        }
        out_ += ']';
        return *this;
    }

private:
    void name_of(std::string_view name) {
        if (!first_) out_ += ',';
        first_ = false;
        append_json(out_, name);
        out_ += ':';
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace

void append_insight(std::string& out, const store::insight& given) {
    object_text(out)
        .text("id", std::to_string(given.id))
        .text("kind", store::to_string(given.kind))
        .raw("payload", given.payload_json)
        .text("source", store::to_string(given.source))
        .text("received_at", format_time(given.received_at));
}

void append_recommendation(std::string& out, const store::recommendation& given) {
    object_text(out)
        .text("id", std::to_string(given.id))
        .text("action", given.action)
        .texts("memory_ids", given.memory_ids)
        .text("reason", given.reason)
        .text("status", store::to_string(given.status))
        .text("source", store::to_string(given.source))
        .text("received_at", format_time(given.received_at));
}

void append_action(std::string& out, const store::action& given) {
    object_text text(out);
    text.text("id", std::to_string(given.id))
        .text("type", given.type)
        .text("title", given.title)
        .text("description", given.description)
        .text("priority", store::to_string(given.priority))
        .text("status", store::to_string(given.status));
    if (given.memory_id)
        text.text("memory_id", *given.memory_id);
    else
        text.raw("memory_id", "null");
    text.text("source", store::to_string(given.source))
        .text("created_at", format_time(given.created_at))
        .text("updated_at", format_time(given.updated_at));
}

}  // namespace memorypro::insights
