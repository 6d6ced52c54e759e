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
    if (const auto* system = dynamic_cast<const std::system_error*>(&failure)) {
        const auto& code = system->code();
        if (code == std::errc::address_in_use) return exit_try_again;
        if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted ||
            code == std::errc::read_only_file_system)
            return exit_not_permitted;
        if (code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory ||
            code == std::errc::is_a_directory || code == std::errc::address_not_available)
            return exit_configuration;
    }
    return exit_internal;
}

}  // namespace memorypro::emulator
