#include "options.hpp"

#include <CLI/CLI.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "cloud/tls_context.hpp"
#include "config/keys.hpp"
#include "exit_code.hpp"
#include "webhook_entrance.hpp"

namespace memorypro::daemon {
namespace {

constexpr auto footer =
    "Settings: flags, then environment, then the file, then defaults. A setting's name there is\n"
    "MEMORYPRO_ and the flag in capitals: --poll-interval is MEMORYPRO_POLL_INTERVAL. Secrets are\n"
    "never flags; see the file's comments.\n";

void add_settings(CLI::App& app, config::values& flags) {
    for (const config::key& entry : config::keys()) {
        const std::string name = std::string(entry.name) + (entry.secret() ? "_FILE" : "");
        const std::string meaning = entry.secret() ? "File with: " + std::string(entry.meaning)
                                                   : std::string(entry.meaning);
        CLI::Option* const flag = app.add_option_function<std::string>(
            config::flag_of(name), [&flags, name](const std::string& text) { flags[name] = text; },
            meaning);
        flag->group(std::string(entry.group));
        flag->type_name(std::string(entry.value.placeholder));
        flag->take_last();
        if (!entry.secret() && entry.under_systemd.empty())
            flag->default_str(config::default_text(entry));
    }
}

// For CLI11, in its order: last first. It takes "--name=" for a flag whose value is the next
// argument, so the empty value is passed as one of its own.
std::vector<std::string> arguments(int argc, const char* const* argv) {
    std::vector<std::string> reversed;
    for (int i = argc - 1; i > 0; --i) {
        std::string one = argv[i];
        if (one.starts_with("--") && one.find('=') == one.size() - 1) {
            reversed.emplace_back();
            one.pop_back();
        }
        reversed.push_back(std::move(one));
    }
    return reversed;
}

options printed(std::string text, int exit_code) {
    options made;
    made.what = options::action::print;
    made.text = std::move(text);
    made.exit_code = exit_code;
    return made;
}

}  // namespace

options parse_options(int argc, const char* const* argv) {
    options made;
    bool version = false;
    bool check = false;
    CLI::App app("Durable memory for the AI agents of this host, on a Unix socket.", "memoryprod");
    app.footer(footer);
    app.add_flag("--version", version, "Print the version and exit");
    app.add_flag("--check-config", check,
                 "Print the effective settings, or what is wrong with them");
    app.add_option("--config", made.file, "File of settings")
        ->type_name("FILE")
        ->take_last()
        ->default_str(std::string(config::default_file));
    add_settings(app, made.flags);
    try {
        app.parse(arguments(argc, argv));
    } catch (const CLI::CallForHelp&) {
        return printed(app.help(), 0);
    } catch (const CLI::Error& wrong) {
        return printed(std::string("memoryprod: ") + wrong.what() + "\nSee memoryprod --help.\n",
                       exit_usage);
    }
    if (version) return printed("memoryprod " MEMORYPRO_VERSION "\n", 0);
    if (check) made.what = options::action::check_config;
    return made;
}

config::sources sources_of(const options& given, config::values environment) {
    return {given.flags, std::move(environment), given.file};
}

bool report(const config::loaded& loaded, std::ostream& err) {
    for (const std::string& one : loaded.warnings)
        err << "memoryprod: warning: " << one << '\n';
    for (const std::string& one : loaded.problems)
        err << "memoryprod: " << one << '\n';
    return loaded.problems.empty();
}

bool report_to_log(const config::loaded& loaded) {
    for (const std::string& one : loaded.warnings)
        spdlog::warn("{}", one);
    for (const std::string& one : loaded.problems)
        spdlog::error("{}", one);
    return loaded.problems.empty();
}

// Empty: those that are set can be used.
std::string wrong_certificates(const config::settings& s) try {
    if (!s.ca_file.empty()) const cloud::tls_context cloud("cloud", s.ca_file);
    webhook_tls(s);
    return {};
} catch (const std::exception& wrong) {
    return wrong.what();
}

int check_config(const options& given, const config::values& environment, std::ostream& out,
                 std::ostream& err) {
    const config::loaded loaded = config::load(sources_of(given, environment));
    if (!report(loaded, err)) return exit_configuration;
    if (const auto wrong = wrong_certificates(loaded.settings); !wrong.empty()) {
        err << "memoryprod: " << wrong << '\n';
        return exit_configuration;
    }
    out << config::effective_text(loaded.settings);
    return 0;
}

}  // namespace memorypro::daemon
