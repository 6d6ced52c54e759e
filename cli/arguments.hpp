// Arguments that several verbs share, and how they become requests.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.hpp"
#include "cli/target.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace memorypro::cli {

// --json, --socket, --timeout, but for those that the verb defines itself.
void add_common_options(CLI::App&, context&);

// An option or positional whose empty value is sent, and judged by the daemon: dropping it would
// widen a filter or leave a change out.
using argument = std::optional<std::string>;
CLI::Option* add_argument(CLI::App&, const std::string& name, argument& value,
                          const std::string& help);

// body[name] = value, when it was given.
void put(boost::json::object& body, std::string_view name, const argument& value);
void put(boost::json::object& body, std::string_view name, const std::vector<std::string>& values);

// An option that is given once for each value: `--tag a --tag b`.
CLI::Option* add_repeated(CLI::App&, const std::string& name, std::vector<std::string>& values,
                          const std::string& help);

// "key=value" each. A value that is JSON is that JSON (3, true, ["a"], "007"), any other is text;
// so is an integer that JSON numbers would round. Throws failure (usage) without a key.
boost::json::object metadata_of(const std::vector<std::string>& pairs);

// Restrictions of recall and list.
struct filters {
    argument user, agent, session, type, since, until;
    std::vector<std::string> tags;
    std::vector<std::string> metadata;
    bool include_archived = false;

    void add_to(CLI::App&);
    void write_to(boost::json::object& body) const;
    void write_to(target& query) const;
};

// --limit, --cursor, --all of a listing.
struct paging {
    int limit = 20;
    std::string cursor;
    bool all = false;

    // `from` names the option that says where to begin.
    void add_to(CLI::App&, const std::string& from = "--cursor",
                const std::string& help = "Go on where an earlier page ended");
};

// The positional "ID..." of a verb; required unless the verb can do without.
CLI::Option* add_ids(CLI::App&, std::vector<std::string>& ids);

// Calls `act` with each. Goes on after one that is not found, and fails with those at the end.
void each_id(const context&, const std::vector<std::string>& ids,
             const std::function<void(const std::string& id)>& act);

// Gives the verb both: the ids, required, and that it acts on each.
void act_on_ids(CLI::App& verb, const context&, std::function<void(const std::string& id)> act);

// All of standard input, without the line end that `echo` puts after it.
std::string read_stdin();

}  // namespace memorypro::cli
