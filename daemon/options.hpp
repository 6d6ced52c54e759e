// memoryprod's command line: what it asks for, before anything is read or opened.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "config/settings.hpp"

namespace memorypro::daemon {

struct options {
    enum class action { run, check_config, print };

    action what = action::run;
    // For `print` (--help, --version, usage errors): the text, whole lines, and the exit code. The
    // text goes to stdout if that is 0, else to stderr.
    std::string text;
    int exit_code = 0;

    config::values flags;             // by key: "MEMORYPRO_TIMEOUT"
    std::optional<std::string> file;  // --config
};

// Never throws and never exits; a usage error is `print` with 64.
options parse_options(int argc, const char* const* argv);

// These options over `environment`: what config::load takes, at start and at each reload.
config::sources sources_of(const options&, config::values environment);

// Warnings and problems, one a line, each as "memoryprod: …" to `err`. True if there is no problem;
// otherwise the caller exits with 78.
bool report(const config::loaded&, std::ostream& err);

// The same to the log.
bool report_to_log(const config::loaded&);

// --check-config: the effective settings on `out` and 0, or the problems on `err` and 78.
int check_config(const options&, const config::values& environment, std::ostream& out,
                 std::ostream& err);

}  // namespace memorypro::daemon
