#include "emulator/control.hpp"

#include "memory/text.hpp"

namespace memorypro::emulator {
namespace {

constexpr std::size_t memories_a_piece = 500;

http::reply reply_of(const json::value& body) {
    return json_reply(200, to_json(body));
}

json::object webhook_state(const webhook_registry& webhooks) {
    const auto& registered = webhooks.registered();
    if (!registered) return {{"registered", false}};
    return {{"registered", true},
            {"url", registered->url},
            {"events", json::value_from(registered->events)}};
}

http::reply list_of(const fault_list& faults) {
    json::array list;
    for (const auto& each : faults.all())
        list.push_back(to_object(each));
    return reply_of(json::object{{"faults", std::move(list)}});
}

result<fault> read_fault(const json::value& given) {
    if (const auto* text = given.if_string()) return parse_fault(std::string_view(*text));
    if (const auto* object = given.if_object()) return parse_fault(*object);
    return invalid_field("faults", "must hold objects or texts");
}

}  // namespace

awaitable<answer> show_state(cloud& c, http::exchange&) {
    const auto totals = co_await c.memories.count();
    json::object requests;
    for (const auto& [call, count] : c.requests)
        requests[call] = count;
    co_return reply_of(json::object{{"memories", totals.memories},
                                    {"requests", std::move(requests)},
                                    {"connections", c.server->connections()},
                                    {"idempotent_replays", c.idempotent_replays},
                                    {"webhook", webhook_state(c.webhooks)}});
}

awaitable<answer> show_memories(cloud& c, http::exchange& x) {
    const http::reply head{.content_type = "application/x-ndjson", .streamed = true};
    bool reading = co_await x.begin(head);
    std::int64_t last = 0;
    while (reading) {
        const auto page = co_await c.memories.after(last, memories_a_piece);
        if (page.empty()) break;
        std::string lines;
        for (const auto& each : page) {
            memory::append_memory(lines, each);
            lines += '\n';
        }
        last = page.back().seq;
        reading = co_await x.send(lines);
    }
    co_return head;
}

awaitable<answer> show_faults(cloud& c, http::exchange&) {
    co_return list_of(c.faults);
}

awaitable<answer> replace_faults(cloud& c, http::exchange& x) {
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    const auto* list = body->if_contains("faults");
    if (!list || !list->is_array()) co_return invalid_field("faults", "is required, an array");
    std::vector<fault> faults;
    for (const auto& given : list->get_array()) {
        auto one = read_fault(given);
        if (!one) co_return one.error();
        faults.push_back(std::move(*one));
    }
    c.faults.replace(std::move(faults));
    co_return list_of(c.faults);
}

awaitable<answer> clear_faults(cloud& c, http::exchange&) {
    c.faults.replace({});
    co_return list_of(c.faults);
}

awaitable<answer> replace_credentials(cloud& c, http::exchange& x) {
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    const auto* key = body->if_contains("api_key");
    const auto* secret = body->if_contains("api_secret");
    if (!key && !secret) {
        c.account.reset();
    } else if (!key || !key->is_string() || !secret || !secret->is_string()) {
        co_return invalid_field("api_key", "and api_secret belong together, both strings");
    } else {
        c.account = {std::string(key->get_string()), std::string(secret->get_string())};
    }
    co_return reply_of(json::object{{"accepts_an_account", c.account.has_value()}});
}

}  // namespace memorypro::emulator
