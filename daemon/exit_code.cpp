#include "exit_code.hpp"

#include <system_error>

#include "service.hpp"
#include "store/sqlite/data_directory.hpp"
#include "store/sqlite/schema.hpp"

namespace memorypro::daemon {

int exit_code_of(const std::exception& failure) {
    if (dynamic_cast<const store::sqlite::directory_in_use*>(&failure)) return exit_try_again;
    if (dynamic_cast<const store::sqlite::unusable_database*>(&failure)) return exit_configuration;
    if (dynamic_cast<const cannot_call_cloud*>(&failure)) return exit_configuration;
    if (const auto* cannot = dynamic_cast<const cannot_listen*>(&failure))
        return cannot->why().code == errc::unavailable ? exit_try_again : exit_configuration;
    if (const auto* system = dynamic_cast<const std::system_error*>(&failure))
        return memorypro::exit_code_of(*system);
    return exit_internal;
}

}  // namespace memorypro::daemon
