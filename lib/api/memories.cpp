#include "api/handlers.hpp"
#include "api/query.hpp"
#include "memory/text.hpp"

namespace memorypro::api {
namespace {

http::reply memory_reply(const store::memory& m) {
    std::string body;
    memory::append_memory(body, m);
    return json_reply(200, std::move(body));
}

}  // namespace

awaitable<answer> list_memories(resources& r, http::exchange& x) {
    auto wanted = parse_list_query(x.request.query);
    if (!wanted) co_return wanted.error();
    const auto page =
        co_await r.memories.list(std::move(wanted->filter), wanted->cursor, wanted->limit);
    std::string out = "{\"memories\":[";
    for (const auto& m : page.memories) {
        if (&m != &page.memories.front()) out += ',';
        memory::append_memory(out, m);
    }
    out += "],\"next_cursor\":";
    out += page.next ? '"' + std::to_string(*page.next) + '"' : "null";
    out += ",\"total\":" + std::to_string(page.total) + '}';
    co_return json_reply(200, std::move(out));
}

awaitable<answer> get_memory(resources& r, http::exchange& x) {
    const auto found = co_await r.memories.get(x.request.captures.at(0));
    if (!found) co_return found.error();
    co_return memory_reply(*found);
}

awaitable<answer> patch_memory(resources& r, http::exchange& x) {
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    auto patch = memory::parse_patch(*body, r.settings.max_content_bytes);
    if (!patch) co_return patch.error();
    const auto changed = co_await r.memories.amend(x.request.captures.at(0), std::move(*patch));
    if (!changed) co_return changed.error();
    co_return memory_reply(*changed);
}

awaitable<answer> delete_memory(resources& r, http::exchange& x) {
    const auto& id = x.request.captures.at(0);
    const auto removed = co_await r.memories.remove(id);
    if (!removed) co_return removed.error();
    std::string body = "{\"status\":\"success\",\"memory_id\":";
    append_json(body, std::string_view(id));
    const bool retained = *removed == store::cloud_copy::retained;
    co_return json_reply(
        200, body += retained ? ",\"cloud_copy\":\"retained\"}" : ",\"cloud_copy\":\"none\"}");
}

}  // namespace memorypro::api
