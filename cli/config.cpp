// config: the settings that a daemon started from here would have.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/failure.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "config/settings.hpp"

namespace memorypro::cli {

namespace {

void show_settings(const context& shared, const argument& file) {
    config::sources sources{{}, config::environment(), file};
    if (!shared.socket.empty()) sources.flags.emplace("MEMORYPRO_SOCKET", shared.socket);
    const auto loaded = config::load(sources);
    for (const auto& warning : loaded.warnings)
        std::cerr << "memorypro: " << printable(warning) << '\n';

    boost::json::object document;
    table rows({{"SETTING"}, {"VALUE", false, true}, {"MEANING", false, true}});
    for (const auto& setting : config::describe(loaded.settings)) {
        document[setting.key] = setting.value;
        rows.add({setting.key, setting.value, setting.meaning});
    }
    if (shared.json)
        shared.print_json(boost::json::serialize(document));
    else
        rows.print(std::cout, shared.screen);

    if (loaded.problems.empty()) return;
    for (const auto& problem : loaded.problems)
        std::cerr << "memorypro: " << printable(problem) << '\n';
    throw failure(exit_code::configuration,
                  "the configuration has errors: memoryprod would not start");
}

}  // namespace

void add_config_verb(CLI::App& app, context& shared) {
    auto& verb = add_verb(app, "config", "Show the effective settings, secrets masked",
                          "  memorypro config\n"
                          "  memorypro config --config ./memorypro.env\n");
    auto file = std::make_shared<argument>();
    add_argument(verb, "--config", *file, "The settings file (/etc/memorypro/memorypro.env)")
        ->type_name("FILE");
    verb.callback([&shared, file] { show_settings(shared, *file); });
}

}  // namespace memorypro::cli
