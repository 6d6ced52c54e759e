// The program: from arguments to an exit code.
#pragma once

#include <memory>

#include "cli/context.hpp"

namespace CLI {
class App;
}

namespace memorypro::cli {

// Every verb and option; `context` outlives it.
std::shared_ptr<CLI::App> make_app(context&);

int run(int argc, const char* const* argv);

}  // namespace memorypro::cli
