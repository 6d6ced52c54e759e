// What the daemon exits with.
#pragma once

#include <exception>

#include "base/exit_code.hpp"

namespace memorypro::daemon {

// Of a start that failed. 78 also stands for a database that cannot be used as it is: a service
// manager must not try again and again what only a person can put right.
int exit_code_of(const std::exception&);

}  // namespace memorypro::daemon
