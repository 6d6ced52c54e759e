#include "emulator/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <map>

#include "emulator/exit_code.hpp"

namespace memorypro::emulator {
namespace {

constexpr auto description =
    "A MemoryPro cloud for development, demos and tests. FOR DEVELOPMENT ONLY: it is not the\n"
    "MemoryPro service, it thinks about nothing, and it misbehaves on request.";

const std::map<std::string, spdlog::level::level_enum> levels = {
    {"trace", spdlog::level::trace}, {"debug", spdlog::level::debug},
    {"info", spdlog::level::info},   {"warning", spdlog::level::warn},
    {"error", spdlog::level::err},
};

std::string footer() {
    return "A fault is NAME or NAME:key=value,…: " + fault_names() +
           "\n"
           "with count (the next so many requests), path (such as memory/store), matching (a text\n"
           "in the memory or the query), delay_ms, retry_after, status, detail. It is also set by\n"
           "POST /emulator/faults while running; see memorypro-emulator(1).\n"
           "An event is one of " +
           event_names() +
           "; it is also\n"
           "sent by POST /emulator/events, then with data of yours if you like.\n";
}

options printed(std::string text, int exit_code) {
    options made;
    made.text = std::move(text);
    made.exit_code = exit_code;
    return made;
}

options wrong(const std::string& what) {
    return printed("memorypro-emulator: " + what + "\nSee memorypro-emulator --help.\n",
                   exit_usage);
}

std::string is_host(const std::string& text) {
    const bool fits = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) || c == '.' || c == '-' || c == ':';
    });
    return fits ? "" : "'" + text + "' is neither a host's name nor an address";
}

void add_options(CLI::App& app, options& made, std::vector<std::string>& faults,
                 std::vector<std::string>& schedule) {
    app.add_option("--listen", made.listen, "Address and port; port 0: any free one, printed")
        ->type_name("HOST:PORT")
        ->capture_default_str();
    auto* tls = app.add_flag("--tls", made.tls, "Speak HTTPS");
    auto* certificate = app.add_option("--cert", made.certificate,
                                       "Its certificate and chain, PEM (default: generated for "
                                       "localhost, 127.0.0.1 and ::1)");
    auto* key = app.add_option("--key", made.key, "The certificate's key, PEM");
    certificate->type_name("FILE")->needs(tls)->needs(key);
    key->type_name("FILE")->needs(certificate);
    app.add_option("--tls-name", made.tls_names,
                   "Generate the certificate for this name or address too; repeatable")
        ->type_name("NAME")
        ->check(CLI::Validator(is_host, "", "host"))
        ->expected(1)
        ->take_all()
        ->needs(tls)
        ->excludes(certificate);
    app.add_option("--cert-out", made.certificate_out,
                   "Write the authority to trust there: MEMORYPRO_CA_FILE")
        ->type_name("FILE")
        ->needs(tls);
    app.add_option("--api-key", made.api_key, "The account that is let in")
        ->type_name("TEXT")
        ->capture_default_str();
    app.add_option("--api-secret", made.api_secret, "Its secret")
        ->type_name("TEXT")
        ->capture_default_str();
    app.add_option("--data-dir", made.data_dir,
                   "Keep the memories there (default: a temporary one, gone at the end)")
        ->type_name("DIR");
    app.add_option("--webhook-ca", made.webhook_ca,
                   "Trust these authorities when webhooks are sent (default: the system's)")
        ->type_name("FILE");
    app.add_flag("--durable", made.durable, "Sync each store to the disk, to survive power loss");
    app.add_option("--port-file", made.port_file, "Write address:port there when it listens")
        ->type_name("FILE");
    app.add_option("--fault", faults, "Go wrong from the start; repeatable")
        ->type_name("FAULT")
        ->expected(1)
        ->take_all();
    app.add_option("--send", schedule,
                   "Find something out about the memories every so many seconds, and send it to "
                   "the registered webhook; repeatable")
        ->type_name("EVENT@SECONDS")
        ->expected(1)
        ->take_all();
    app.add_option("--log-level", made.log_level, "trace, debug, info, warning or error")
        ->type_name("LEVEL")
        ->transform(CLI::CheckedTransformer(levels).description(""))
        ->default_str("info");
}

}  // namespace

options parse_options(int argc, const char* const* argv) {
    options made;
    std::vector<std::string> faults, schedule;
    bool version = false;
    CLI::App app(description, "memorypro-emulator");
    app.footer(footer());
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.add_flag("--version", version, "Print the version and exit");
    add_options(app, made, faults, schedule);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return printed(app.help(), 0);
    } catch (const CLI::Error& failure) {
        return wrong(failure.what());
    }
    if (version) return printed("memorypro-emulator " MEMORYPRO_VERSION "\n", 0);
    for (const auto& text : faults) {
        auto one = parse_fault(std::string_view(text));
        if (!one) return wrong("--fault " + text + ": " + one.error().detail);
        made.faults.push_back(std::move(*one));
    }
    for (const auto& text : schedule) {
        auto one = parse_schedule(text);
        if (!one) return wrong("--send " + text + ": " + one.error().detail);
        made.schedule.push_back(std::move(*one));
    }
    return made;
}

}  // namespace memorypro::emulator
