#include "cli/data_directory.hpp"

#include <CLI/CLI.hpp>

#include "cli/socket_path.hpp"

namespace memorypro::cli {

void data_options::add_to(CLI::App& verb) {
    add_argument(verb, "--data-dir", directory, "The daemon's data directory")->type_name("FILE");
    add_argument(verb, "--config", config_file, "The daemon's settings file")->type_name("FILE");
}

config::loaded settings_of_daemon(const context& shared, const data_options& given) {
    config::sources from{{}, config::environment(), given.config_file};
    if (given.directory) from.flags.emplace("MEMORYPRO_DATA_DIR", *given.directory);
    if (shared.socket_path() == system_socket)
        from.environment.insert_or_assign("STATE_DIRECTORY", "/var/lib/memorypro");
    return config::load(from);
}

}  // namespace memorypro::cli
