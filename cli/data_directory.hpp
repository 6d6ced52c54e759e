// Where the daemon keeps its data, as far as can be told from here.
#pragma once

#include <string>

#include "cli/arguments.hpp"
#include "config/settings.hpp"

namespace memorypro::cli {

// --data-dir and --config, of the verbs that look at the data themselves.
struct data_options {
    argument directory;
    argument config_file;

    void add_to(CLI::App&);
};

// As a daemon started from here would read them, with data_dir that of `given`. One behind the
// system's socket runs under systemd, which gives it a state directory that our environment does
// not name.
config::loaded settings_of_daemon(const context&, const data_options& given);

}  // namespace memorypro::cli
