#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>

#include "cli/failure.hpp"
#include "cli/terminal.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

constexpr int largest_page = 1000;  // what the daemon allows

json::value value_of(std::string_view text) {
    boost::system::error_code not_json;
    auto value = json::parse(text, not_json);
    if (not_json) return json::string(text);
    const bool rounded = value.is_double() && text.find_first_of(".eE") == std::string_view::npos;
    return rounded ? json::value(json::string(text)) : value;
}

struct pair {
    std::string_view key;
    std::string_view value;
};

pair pair_of(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos)
        throw failure(exit_code::usage, fmt::format("--metadata '{}': must be key=value", text));
    return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void add_common_options(CLI::App& app, context& shared) {
    const auto* group = "Every command";
    app.set_help_flag("-h,--help", "Print this help")->group(group);
    app.add_flag("--json", shared.json, "Print the API's JSON as it came")->group(group);
    app.add_option("--socket", shared.socket, "The daemon's socket")
        ->type_name("FILE")
        ->group(group);
    if (app.get_option_no_throw("--timeout")) return;
    app.add_option("--timeout", shared.timeout, "Seconds to wait for an answer (60)")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.001, 86400.0))
        ->group(group);
}

CLI::Option* add_argument(CLI::App& app, const std::string& name, argument& value,
                          const std::string& help) {
    // Not bound as an optional: CLI11 reads an empty value into none.
    return app
        .add_option_function<std::string>(
            name, [&value](const std::string& given) { value = given; }, help)
        ->type_name("TEXT");
}

void put(json::object& body, std::string_view name, const argument& value) {
    if (value) body[name] = *value;
}

void put(json::object& body, std::string_view name, const std::vector<std::string>& values) {
    if (!values.empty()) body[name] = json::array(values.begin(), values.end());
}

CLI::Option* add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                          const std::string& help) {
    // Without extra arguments: `--tag work QUERY` must leave the query alone.
    return app.add_option(name, values, help + " (repeats)")
        ->type_name("TEXT")
        ->allow_extra_args(false);
}

json::object metadata_of(const std::vector<std::string>& pairs) {
    json::object metadata;
    for (const auto& text : pairs) {
        const auto [key, value] = pair_of(text);
        metadata.insert_or_assign(key, value_of(value));
    }
    return metadata;
}

void filters::add_to(CLI::App& app) {
    const auto* group = "Filters";
    add_argument(app, "--user", user, "Only this user's")->type_name("ID")->group(group);
    add_argument(app, "--agent", agent, "Only this agent's")->type_name("ID")->group(group);
    add_argument(app, "--session", session, "Only this session's")->type_name("ID")->group(group);
    add_argument(app, "--type", type, "Only this memory type")->type_name("TYPE")->group(group);
    add_repeated(app, "--tag", tags, "Only with this tag")->type_name("TAG")->group(group);
    add_repeated(app, "--metadata", metadata, "Only with this metadata")
        ->type_name("KEY=VALUE")
        ->group(group);
    add_argument(app, "--since", since, "Not before this time (RFC 3339)")
        ->type_name("TIME")
        ->group(group);
    add_argument(app, "--until", until, "Not after this time (RFC 3339)")
        ->type_name("TIME")
        ->group(group);
    app.add_flag("--include-archived", include_archived, "Archived ones too")->group(group);
}

void filters::write_to(json::object& body) const {
    put(body, "user_id", user);
    put(body, "agent_id", agent);
    put(body, "session_id", session);
    put(body, "memory_type", type);
    put(body, "since", since);
    put(body, "until", until);
    put(body, "tags", tags);
    if (!metadata.empty()) body["metadata"] = metadata_of(metadata);
    if (include_archived) body["include_archived"] = true;
}

void filters::write_to(target& query) const {
    const auto add = [&](std::string_view name, const argument& value) {
        if (value) query.parameter(name, *value);
    };
    add("user_id", user);
    add("agent_id", agent);
    add("session_id", session);
    add("memory_type", type);
    add("since", since);
    add("until", until);
    for (const auto& tag : tags)
        query.parameter("tags", tag);
    for (const auto& text : metadata) {
        const auto [key, value] = pair_of(text);
        query.parameter(fmt::format("metadata.{}", key), value);
    }
    if (include_archived) query.parameter("include_archived", "true");
}

void paging::add_to(CLI::App& app, const std::string& from, const std::string& help) {
    app.add_option("--limit", limit, "Entries on a page (20)")
        ->type_name("COUNT")
        ->check(CLI::Range(1, largest_page));
    app.add_option(from, cursor, help)->type_name("CURSOR");
    app.add_flag("--all", all, "Every page");
}

CLI::Option* add_ids(CLI::App& app, std::vector<std::string>& ids) {
    return app.add_option("id", ids, "Their ids")->type_name("ID...");
}

void act_on_ids(CLI::App& verb, const context& shared,
                std::function<void(const std::string&)> act) {
    auto ids = std::make_shared<std::vector<std::string>>();
    add_ids(verb, *ids)->required();
    verb.callback([&shared, ids, act = std::move(act)] { each_id(shared, *ids, act); });
}

void each_id(const context& shared, const std::vector<std::string>& ids,
             const std::function<void(const std::string&)>& act) {
    for (const auto& id : ids) {
        // CLI11 takes "[a,b]" for two values: acting on a and b was not asked for.
        const auto& typed = shared.arguments;
        if (std::find(typed.begin(), typed.end(), id) == typed.end())
            throw failure(exit_code::usage, "an id in [brackets] cannot be given here");
    }
    std::vector<field_error> missing;
    for (const auto& id : ids) {
        try {
            act(id);
        } catch (const failure& error) {
            if (error.code != exit_code::not_found) throw;
            missing.push_back({id, error.what()});
        }
    }
    if (!missing.empty())
        throw failure(exit_code::not_found,
                      fmt::format("{} of {} not found", missing.size(), ids.size()), missing);
}

std::string read_stdin() {
    if (stdin_is_terminal()) std::cerr << "memorypro: reading standard input, end with Ctrl-D\n";
    std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace memorypro::cli
