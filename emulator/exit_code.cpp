#include "emulator/exit_code.hpp"

#include <system_error>

#include "base/result.hpp"
#include "store/sqlite/data_directory.hpp"
#include "store/sqlite/schema.hpp"

namespace memorypro::emulator {

int exit_code_of(const std::exception& failure) {
    if (dynamic_cast<const store::sqlite::directory_in_use*>(&failure)) return exit_try_again;
    if (dynamic_cast<const store::sqlite::unusable_database*>(&failure)) return exit_configuration;
    if (dynamic_cast<const failed*>(&failure)) return exit_configuration;
    if (const auto* system = dynamic_cast<const std::system_error*>(&failure))
        return memorypro::exit_code_of(*system);
    return exit_internal;
}

}  // namespace memorypro::emulator
