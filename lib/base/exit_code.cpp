#include "base/exit_code.hpp"

namespace memorypro {

int exit_code_of(const std::system_error& failure) {
    const auto& code = failure.code();
    if (code == std::errc::address_in_use) return exit_try_again;
    if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted ||
        code == std::errc::read_only_file_system)
        return exit_not_permitted;
    if (code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory ||
        code == std::errc::is_a_directory || code == std::errc::address_not_available)
        return exit_configuration;
    return exit_internal;
}

}  // namespace memorypro
