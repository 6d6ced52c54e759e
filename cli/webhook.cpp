// webhook: signatures offline, and a test delivery to the receiver.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "cli/webhook_delivery.hpp"
#include "cli/webhook_inputs.hpp"
#include "cli/webhook_reasons.hpp"
#include "config/parse.hpp"
#include "insights/items.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

timestamp time_given(const argument& at) {
    if (!at) return system_clock().now();
    const auto time = parse_time(*at);
    if (!time) throw failure(exit_code::usage, "--at: must be an RFC 3339 time");
    return *time;
}

// ---- verify ----

struct verify_arguments {
    webhook_inputs inputs;
    std::vector<std::string> headers;
    argument headers_file, at;
};

delivery_headers headers_of(const verify_arguments& given) {
    delivery_headers headers;
    if (given.headers_file) {
        if (*given.headers_file == "-")
            throw failure(exit_code::usage, "--headers: must be a file");
        add_lines(headers, read_bytes(*given.headers_file));
    }
    for (const auto& line : given.headers) {
        if (!headers.add(line))
            throw failure(exit_code::usage,
                          fmt::format("--header '{}': must be Name: value", line));
    }
    return headers;
}

void show_valid(const context& shared, webhook::scheme right, bool previous) {
    const bool standard = right == webhook::scheme::standard;
    if (shared.json)
        return shared.print_json(
            json::serialize(json::object{{"valid", true},
                                         {"scheme", standard ? "standard" : "memorypro"},
                                         {"secret", previous ? "previous" : "current"}}));
    std::cout << fmt::format("valid: {}{}\n",
                             standard ? "webhook-signature" : "X-MemoryPro-Signature",
                             previous ? ", under MEMORYPRO_WEBHOOK_SECRET_PREVIOUS" : "");
}

void verify(const context& shared, const verify_arguments& given) {
    const auto headers = headers_of(given);
    const auto now = time_given(given.at);
    const auto secrets = given.inputs.secrets();
    const auto body = given.inputs.body();
    for (const auto& secret : secrets) {
        if (const auto right = webhook::verify(headers.view(), body, {&secret, 1}, now))
            return show_valid(shared, *right, &secret != &secrets.front());
    }
    auto reasons = reasons_against(headers.view(), body, secrets, now);
    if (shared.json) {
        json::array list;
        for (const auto& [header, detail] : reasons)
            list.push_back(json::object{{"header", header}, {"detail", detail}});
        shared.print_json(
            json::serialize(json::object{{"valid", false}, {"reasons", std::move(list)}}));
    }
    throw failure(exit_code::not_valid, "not valid", std::move(reasons));
}

void add_verify(CLI::App& parent, context& shared) {
    auto& verb = add_verb(
        parent, "verify", "Say whether a delivery's signature is right, or why not",
        "  memorypro webhook verify body.json --headers head.txt\n"
        "  memorypro webhook verify body.json --header 'X-MemoryPro-Signature: sha256=d745…'\n"
        "  memorypro webhook verify body.json --headers head.txt --at 2025-01-31T10:20:30Z\n");
    auto given = std::make_shared<verify_arguments>();
    given->inputs.add_to(verb, "The body as it came, - or nothing for standard input");
    add_repeated(verb, "--header", given->headers, "A header of the delivery")
        ->type_name("NAME: VALUE");
    add_argument(verb, "--headers", given->headers_file, "Its headers, a line each")
        ->type_name("FILE");
    add_argument(verb, "--at", given->at, "As if it came then, RFC 3339 (now)")->type_name("TIME");
    verb.callback([&shared, given] { verify(shared, *given); });
}

// ---- sign and send ----

struct sign_arguments {
    webhook_inputs inputs;
    std::string scheme;
    argument id, at;

    void add_to(CLI::App& verb) {
        verb.add_option("--scheme", scheme, "Sign in this way only (both)")
            ->check(CLI::IsMember({"memorypro", "standard"}));
        add_argument(verb, "--id", id, "The webhook-id: a repeat has the same (a new one)")
            ->type_name("ID");
        add_argument(verb, "--at", at, "The webhook-timestamp, RFC 3339 (now)")->type_name("TIME");
    }

    signing how() const {
        const auto now = system_clock().now();
        if (id && (id->empty() || config::has_control_character(*id)))
            throw failure(exit_code::usage, "--id: must be a text that a header can hold");
        return {.memorypro = scheme != "standard",
                .standard = scheme != "memorypro",
                .id = id ? *id : "msg_" + id_generator().next(now),
                .when = time_given(at)};
    }
};

void sign(const context& shared, const sign_arguments& given) {
    const auto secrets = given.inputs.secrets();
    const auto headers = signature_headers_of(given.how(), secrets.front(), given.inputs.body());
    json::object all;
    for (const auto& [name, value] : headers) {
        all[name] = value;
        if (!shared.json) std::cout << name << ": " << printable(value) << '\n';
    }
    if (shared.json) shared.print_json(json::serialize(all));
}

void add_sign(CLI::App& parent, context& shared) {
    auto& verb = add_verb(parent, "sign", "Print the headers that sign a body",
                          "  memorypro webhook sign body.json > head.txt\n"
                          "  curl https://agents.example/memorypro/webhook -H @head.txt \\\n"
                          "       --data-binary @body.json\n");
    auto given = std::make_shared<sign_arguments>();
    given->inputs.add_to(verb, "The body, to the byte; - or nothing for standard input");
    given->add_to(verb);
    verb.callback([&shared, given] { sign(shared, *given); });
}

struct send_arguments {
    sign_arguments signing;
    std::string url, ca_file;
};

std::string test_event() {
    return json::serialize(json::object{{"event_type", insights::test_event_type},
                                        {"timestamp", format_time(system_clock().now())},
                                        {"data", json::object()}});
}

receiver_address address_of(const send_arguments& given) {
    if (given.url.empty()) return receiver_of(given.signing.inputs.settings());
    const auto url = config::parse_url(given.url);
    if (!url) throw failure(exit_code::usage, "--url: " + url.error().detail);
    return {.url = *url};
}

void send(const context& shared, const send_arguments& given) {
    using namespace std::chrono;
    const auto secrets = given.signing.inputs.secrets();
    const bool is_test = !given.signing.inputs.body_file;
    if (is_test) std::cerr << "no body is given: sending an event for tests\n";
    auto body = is_test ? test_event() : given.signing.inputs.body();
    const auto to = address_of(given);
    const auto answer =
        deliver(to, given.ca_file, signature_headers_of(given.signing.how(), secrets.front(), body),
                std::move(body), duration_cast<milliseconds>(duration<double>(shared.timeout)));
    if (answer.status / 100 != 2) {
        const auto refused = failure_of(answer.status, answer.body, answer.retry_after);
        throw failure(refused.code, fmt::format("{} answered {}: {}", text_of(to.url),
                                                answer.status, refused.what()));
    }
    if (shared.json)  // written anew: the body may be anybody's
        return shared.print_json(
            to_json(parsed(answer.body).value_or(json::value(json::string(answer.body)))));
    std::cout << printable(
                     fmt::format("{} answered {}: {}", text_of(to.url), answer.status, answer.body))
              << '\n';
}

void add_send(CLI::App& parent, context& shared) {
    auto& verb =
        add_verb(parent, "send", "Deliver a signed event to the daemon's receiver",
                 "  memorypro webhook send\n"
                 "  memorypro webhook send event.json --config ./memorypro.env\n"
                 "  memorypro webhook send --url https://agents.example/memorypro/webhook\n");
    auto given = std::make_shared<send_arguments>();
    given->signing.inputs.add_to(
        verb, "The event, - for standard input; without it one for tests, which changes nothing");
    given->signing.add_to(verb);
    verb.add_option("--url", given->url, "Where to (default: where the settings let it listen)")
        ->type_name("URL");
    verb.add_option("--ca", given->ca_file, "Trust these authorities (default: the system's)")
        ->type_name("FILE");
    verb.callback([&shared, given] { send(shared, *given); });
}

}  // namespace

void add_webhook_verbs(CLI::App& app, context& shared) {
    auto& verb = add_verb(app, "webhook", "Verify, sign or send a webhook delivery",
                          "  memorypro webhook verify body.json --headers head.txt\n"
                          "  memorypro webhook sign body.json --secret-file secret\n"
                          "  memorypro webhook send\n");
    verb.require_subcommand(1);
    add_verify(verb, shared);
    add_sign(verb, shared);
    add_send(verb, shared);
}

}  // namespace memorypro::cli
