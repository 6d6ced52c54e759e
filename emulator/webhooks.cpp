#include "emulator/webhooks.hpp"

#include "emulator/files.hpp"
#include "emulator/work.hpp"

namespace memorypro::emulator {
namespace {

result<std::string> read_text(const json::object& body, std::string_view name) {
    const auto* text = body.if_contains(name);
    if (!text || !text->is_string() || text->get_string().empty())
        return invalid_field(std::string(name), "is required, a string that is not empty");
    return std::string(text->get_string());
}

json::object as_object(const webhook& w) {
    return {{"webhook_url", w.url},
            {"webhook_secret", w.secret},
            {"events", json::value_from(w.events)}};
}

}  // namespace

result<webhook> parse_webhook(const json::object& body) {
    auto url = read_text(body, "webhook_url");
    if (!url) return url.error();
    if (!url->starts_with("http://") && !url->starts_with("https://"))
        return invalid_field("webhook_url", "must be an http or https URL");
    auto secret = read_text(body, "webhook_secret");
    if (!secret) return secret.error();
    webhook made{.url = std::move(*url), .secret = std::move(*secret), .events = {}};
    const auto* events = body.if_contains("events");
    if (!events || !events->is_array() || events->get_array().empty())
        return invalid_field("events", "is required, an array of names");
    for (const auto& each : events->get_array()) {
        if (!each.is_string()) return invalid_field("events", "must hold strings");
        made.events.emplace_back(each.get_string());
    }
    return made;
}

webhook_registry::webhook_registry(std::string path) : path_(std::move(path)) {
    const auto text = read_if_there(path_);
    if (!text) return;
    const auto object = parse_object(*text);
    auto kept = object ? parse_webhook(*object) : result<webhook>(object.error());
    if (!kept) throw failed({errc::conflict, path_ + " is damaged: " + kept.error().detail});
    registered_ = std::move(*kept);
}

void webhook_registry::put(webhook w) {
    write_file(path_, to_json(as_object(w)));
    registered_ = std::move(w);
}

awaitable<answer> register_webhook(cloud& c, http::exchange& x) {
    const auto body = parse_object(x.body);
    if (!body) co_return body.error();
    auto wanted = parse_webhook(*body);
    if (!wanted) co_return wanted.error();
    auto shown = as_object(*wanted);
    shown.erase("webhook_secret");
    shown["status"] = "success";
    c.webhooks.put(std::move(*wanted));
    co_return json_reply(200, to_json(shown));
}

}  // namespace memorypro::emulator
