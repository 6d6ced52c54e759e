#include "cli/app.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "cli/arguments.hpp"
#include "cli/failure.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace {

constexpr const char* closing_words =
    "'memorypro COMMAND --help' explains a command and gives examples. Exit codes: 0 done,\n"
    "1 not found or not valid, 64 usage or refused, 69 no daemon, 70 internal, 75 try again,\n"
    "77 not permitted, 78 configuration.";

// One line: what a name or an answer contains must not break it.
void complain(const std::string& detail, const std::vector<field_error>& fields = {}) {
    std::cerr << "memorypro: " << printable(detail) << '\n';
    const bool said = fields.size() == 1 && detail.ends_with(fields.front().detail);
    if (said) return;
    for (const auto& wrong : fields)
        std::cerr << "  " << printable(wrong.field) << ": " << printable(wrong.detail) << '\n';
}

int refuse(const CLI::App& app, const CLI::ParseError& error) {
    const auto chosen = app.get_subcommands();
    const auto unknown = app.remaining();
    if (chosen.empty() && unknown.empty()) {
        std::cerr << app.help();
    } else if (chosen.empty()) {
        complain(fmt::format("unknown command '{}' (see memorypro --help)", unknown.front()));
    } else {
        complain(
            fmt::format("{} (see memorypro {} --help)", error.what(), chosen.front()->get_name()));
    }
    return static_cast<int>(exit_code::usage);
}

// After the verb's own, so that these come last in its help.
void add_common_options_below(CLI::App& app, context& shared) {
    for (auto* verb : app.get_subcommands([](CLI::App*) { return true; })) {
        add_common_options(*verb, shared);
        add_common_options_below(*verb, shared);
    }
}

// CLI11 takes the first letter of "-hello" for -h, and a text would be lost with exit code 0.
bool looks_like_a_text(const std::string& argument) {
    return argument.size() > 2 && argument[0] == '-' && argument[1] != '-' &&
           std::isdigit(static_cast<unsigned char>(argument[1])) == 0;
}

// "--user=" becomes "--user" and "": CLI11 would take the argument after it for the value.
// Reversed, as CLI11 parses a list.
std::vector<std::string> parsable(const std::vector<std::string>& arguments) {
    std::vector<std::string> split;
    bool options = true;
    for (const auto& argument : arguments) {
        options = options && argument != "--";
        if (options && looks_like_a_text(argument))
            throw failure(exit_code::usage,
                          "no option " + argument + " (put -- before a text that begins with -)");
        const bool empty_value =
            options && argument.starts_with("--") && argument.find('=') == argument.size() - 1;
        split.push_back(empty_value ? argument.substr(0, argument.size() - 1) : argument);
        if (empty_value) split.emplace_back();
    }
    std::reverse(split.begin(), split.end());
    return split;
}

// A full disk behind `> file` shows only here.
int after_flush(int code) {
    std::cout.flush();
    if (std::cout) return code;
    complain("cannot write to standard output");
    return static_cast<int>(exit_code::internal);
}

}  // namespace

CLI::App& add_verb(CLI::App& parent, const std::string& name, const std::string& summary,
                   const std::string& examples) {
    return *parent.add_subcommand(name, summary)->footer("\nExamples:\n" + examples);
}

std::shared_ptr<CLI::App> make_app(context& shared) {
    auto app =
        std::make_shared<CLI::App>("Memory for AI agents, from the command line", "memorypro");
    app->require_subcommand(1);
    app->set_version_flag("--version", "memorypro " MEMORYPRO_VERSION);
    add_memory_verbs(*app, shared);
    add_search_verbs(*app, shared);
    add_transfer_verbs(*app, shared);
    add_backup_verbs(*app, shared);
    add_queue_verbs(*app, shared);
    add_sync_verb(*app, shared);
    add_reindex_verb(*app, shared);
    add_insights_verb(*app, shared);
    add_recommendations_verbs(*app, shared);
    add_actions_verbs(*app, shared);
    add_events_verb(*app, shared);
    add_webhook_verbs(*app, shared);
    add_status_verbs(*app, shared);
    add_config_verb(*app, shared);
    add_doctor_verb(*app, shared);
    add_completion_verb(*app);
    add_common_options(*app, shared);
    add_common_options_below(*app, shared);
    app->footer(std::string("\n") + closing_words);
    return app;
}

int run(int argc, const char* const* argv) {
    std::ios::sync_with_stdio(false);
    context shared;
    shared.arguments.assign(argv + 1, argv + argc);
    const auto app = make_app(shared);
    try {
        app->parse(parsable(shared.arguments));
        return after_flush(0);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) return refuse(*app, error);
        app->exit(error);  // --help, --version
        return after_flush(0);
    } catch (const failure& error) {
        const int code = after_flush(static_cast<int>(error.code));
        complain(error.what(), error.fields);
        return code;
    } catch (const std::exception& error) {
        complain(error.what());
        return static_cast<int>(exit_code::internal);
    }
}

}  // namespace memorypro::cli
