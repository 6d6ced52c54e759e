// store, get, update, delete: one memory at a time.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

const auto priorities = CLI::IsMember({"low", "medium", "high", "urgent"});

target memory_target(std::string_view id) {
    return target("/api/v1/memory").segment(id);
}

// "-" stands for standard input.
std::string content_of(const std::string& given) {
    return given == "-" ? read_stdin() : given;
}

struct store_arguments {
    argument content, user, agent, session, type, priority, timestamp, id, idempotency_key;
    std::vector<std::string> tags, metadata;
};

json::value store_body(const store_arguments& given) {
    json::object body;
    put(body, "local_memory_id", given.id);
    put(body, "user_id", given.user);
    put(body, "agent_id", given.agent);
    put(body, "session_id", given.session);
    put(body, "memory_type", given.type);
    put(body, "priority", given.priority);
    put(body, "timestamp", given.timestamp);
    put(body, "tags", given.tags);
    if (!given.metadata.empty()) body["metadata"] = metadata_of(given.metadata);
    body["content"] = content_of(given.content.value_or("-"));
    return body;
}

void store(context& shared, const store_arguments& given) {
    const auto body = store_body(given);
    std::optional<header> key;
    if (given.idempotency_key) key = {"Idempotency-Key", *given.idempotency_key};
    const target where(given.id ? "/api/v1/memory/sync" : "/api/v1/memory/store");
    const auto answer = shared.daemon().call(method::post, where, &body, key);
    if (shared.json) return shared.print_json(answer);
    const auto stored = parse_object(answer);
    std::cout << printable(text_at(stored, "memory_id")) << ' '
              << printable(text_at(stored, "sync_state")) << '\n';
}

void get(context& shared, const std::string& id) {
    const auto answer = shared.daemon().call(method::get, memory_target(id));
    if (shared.json) return shared.print_json(answer);
    auto memory = parse_object(answer);
    const auto content = text_at(memory, "content");
    memory.erase("content");
    fields shown;
    for (const auto& [name, value] : memory) {
        const auto text = text_of(value);
        if (!text.empty() && text != "[]" && text != "{}") shown.add(printable(name), text);
    }
    shown.print(std::cout, shared.screen);
    std::cout << '\n' << printable(content, lines::kept) << '\n';
}

struct update_arguments {
    std::string id;
    argument content, type, priority, timestamp;
    std::vector<std::string> tags, metadata;
    bool archive = false;
    bool unarchive = false;
};

void update(context& shared, const update_arguments& given) {
    json::object changes;
    if (given.content) changes["content"] = content_of(*given.content);
    put(changes, "memory_type", given.type);
    put(changes, "priority", given.priority);
    put(changes, "timestamp", given.timestamp);
    put(changes, "tags", given.tags);
    if (!given.metadata.empty()) changes["metadata"] = metadata_of(given.metadata);
    if (given.archive || given.unarchive) changes["archived"] = given.archive;
    if (changes.empty()) throw failure(exit_code::usage, "nothing to change was given");

    const json::value body = std::move(changes);
    const auto answer = shared.daemon().call(method::patch, memory_target(given.id), &body);
    if (shared.json) return shared.print_json(answer);
    std::cout << printable(text_at(parse_object(answer), "memory_id")) << " updated\n";
}

void remove(context& shared, const std::string& id) {
    const auto answer = shared.daemon().call(method::remove, memory_target(id));
    if (shared.json) return shared.print_json(answer);
    const bool retained = text_at(parse_object(answer), "cloud_copy") == "retained";
    std::cout
        << printable(id)
        << (retained
                ? " deleted here and hidden from recall; what the cloud has of it stays there\n"
                : " deleted\n");
}

}  // namespace

void add_memory_verbs(CLI::App& app, context& shared) {
    auto& store_verb =
        add_verb(app, "store", "Store a memory",
                 "  memorypro store 'Anna prefers mornings' --user anna --tag preference\n"
                 "  git log -1 | memorypro store --type commit --metadata repository=web\n"
                 "  memorypro store 'Flat 3' --id address-anna    # again: replaced\n");
    auto storing = std::make_shared<store_arguments>();
    add_argument(store_verb, "content", storing->content, "The text; '-' or none: standard input");
    add_argument(store_verb, "--user", storing->user, "Whose memory it is")->type_name("ID");
    add_argument(store_verb, "--agent", storing->agent, "The agent that stores it")
        ->type_name("ID");
    add_argument(store_verb, "--session", storing->session, "The session it belongs to")
        ->type_name("ID");
    add_argument(store_verb, "--type", storing->type, "Memory type (conversation)")
        ->type_name("TYPE");
    add_repeated(store_verb, "--tag", storing->tags, "A tag")->type_name("TAG");
    add_argument(store_verb, "--priority", storing->priority, "Priority (medium)")
        ->check(priorities);
    add_argument(store_verb, "--timestamp", storing->timestamp, "When it happened (now)")
        ->type_name("TIME");
    add_repeated(store_verb, "--metadata", storing->metadata, "Metadata; the value may be JSON")
        ->type_name("KEY=VALUE");
    auto* id = add_argument(store_verb, "--id", storing->id, "Your own id; the same id replaces it")
                   ->type_name("ID");
    add_argument(store_verb, "--idempotency-key", storing->idempotency_key,
                 "The same key stores once, however often it is sent")
        ->type_name("KEY")
        ->excludes(id);
    store_verb.callback([&shared, storing] { store(shared, *storing); });

    auto& get_verb = add_verb(app, "get", "Show one memory", "  memorypro get mem_1\n");
    auto wanted = std::make_shared<std::string>();
    get_verb.add_option("id", *wanted, "Its id")->required();
    get_verb.callback([&shared, wanted] { get(shared, *wanted); });

    auto& update_verb =
        add_verb(app, "update", "Change a memory",
                 "  memorypro update mem_1 --priority high --tag work --tag travel\n"
                 "  memorypro update mem_1 --archive\n");
    auto changes = std::make_shared<update_arguments>();
    update_verb.add_option("id", changes->id, "Its id")->required();
    add_argument(update_verb, "--content", changes->content, "New text; '-': standard input")
        ->type_name("TEXT");
    add_argument(update_verb, "--type", changes->type, "New type")->type_name("TYPE");
    add_argument(update_verb, "--priority", changes->priority, "New priority")->check(priorities);
    add_argument(update_verb, "--timestamp", changes->timestamp, "New time")->type_name("TIME");
    add_repeated(update_verb, "--tag", changes->tags, "The new tags")->type_name("TAG");
    add_repeated(update_verb, "--metadata", changes->metadata, "The new metadata")
        ->type_name("KEY=VALUE");
    auto* archive = update_verb.add_flag("--archive", changes->archive, "Hide it from recall");
    update_verb.add_flag("--unarchive", changes->unarchive, "Show it again")->excludes(archive);
    update_verb.callback([&shared, changes] { update(shared, *changes); });

    auto& delete_verb =
        add_verb(app, "delete", "Delete memories", "  memorypro delete mem_1 mem_2\n");
    act_on_ids(delete_verb, shared, [&shared](const std::string& id) { remove(shared, id); });
}

}  // namespace memorypro::cli
