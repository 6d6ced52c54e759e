#include <malloc.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <iostream>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "exit_code.hpp"
#include "options.hpp"
#include "service.hpp"
#include "systemd.hpp"

namespace {

using namespace memorypro;

log::form log_form(const config::settings& settings) {
    if (settings.log_format == config::log_format::json) return log::form::json;
    return daemon::systemd::logs_to_journal() ? log::form::journal : log::form::text;
}

int serve(const daemon::options& options) try {
    const auto loaded = config::load(daemon::sources_of(options, config::environment()));
    if (!loaded.problems.empty()) {  // and perhaps no form of the log
        daemon::report(loaded, std::cerr);
        return exit_configuration;
    }
    log::start(log_form(loaded.settings),
               static_cast<spdlog::level::level_enum>(loaded.settings.log_level));
    daemon::report_to_log(loaded);
    asio::io_context loop(1);
    daemon::service service(loop, options, loaded.settings);
    spawn(loop.get_executor(), "the service", service.run());
    loop.run();
    spdlog::info("stopped");
    return 0;
} catch (const std::exception& failure) {
    spdlog::critical("{}", failure.what());
    return daemon::exit_code_of(failure);
}

}  // namespace

int main(int argc, char** argv) {
    // A peer or a quota that says no is an error where it happens, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    // Fixed, so that what a large body took goes back to the system; glibc would raise it each
    // time.
    ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
    ::umask(0077);  // memories are their owner's, whatever the mode of the directory
    const auto options = daemon::parse_options(argc, argv);
    switch (options.what) {
        case daemon::options::action::print:
            (options.exit_code == 0 ? std::cout : std::cerr) << options.text;
            return options.exit_code;
        case daemon::options::action::check_config:
            return check_config(options, config::environment(), std::cout, std::cerr);
        case daemon::options::action::run:
            break;
    }
    const int code = serve(options);
    spdlog::shutdown();
    return code;
}
