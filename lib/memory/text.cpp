#include "memory/text.hpp"

#include "store/names.hpp"

namespace memorypro::memory {
namespace {

void append_id(std::string& out, std::string_view name, const std::optional<std::string>& id) {
    out += name;
    if (id) {
        append_json(out, std::string_view(*id));
    } else {
        out += "null";
    }
}

}  // namespace

void append_open_memory(std::string& out, const store::memory& m) {
    const auto& what = m.what;
    out += "{\"memory_id\":";
    append_json(out, std::string_view(m.id));
    out += ",\"content\":";
    append_json(out, std::string_view(what.content));
    out += ",\"metadata\":";
    out += what.metadata_json.empty() ? "{}" : what.metadata_json;
    append_id(out, ",\"session_id\":", what.session_id);
    append_id(out, ",\"agent_id\":", what.agent_id);
    append_id(out, ",\"user_id\":", what.user_id);
    out += ",\"memory_type\":";
    append_json(out, std::string_view(what.memory_type));
    out += ",\"tags\":";
    out += what.tags_json.empty() ? "[]" : what.tags_json;
    out += ",\"priority\":\"";
    out += store::to_string(what.priority);
    out += "\",\"timestamp\":\"";
    out += format_time(what.time.value_or(m.created_at));
    out += "\",\"created_at\":\"";
    out += format_time(m.created_at);
    out += m.archived ? "\",\"archived\":true" : "\",\"archived\":false";
    out += ",\"sync_state\":\"";
    out += store::to_string(m.sync_state);
    out += '"';
    if (!what.extra_json.empty()) {
        out += ',';
        out.append(what.extra_json, 1, what.extra_json.size() - 2);  // without its braces
    }
}

void append_memory(std::string& out, const store::memory& m) {
    append_open_memory(out, m);
    out += '}';
}

}  // namespace memorypro::memory
