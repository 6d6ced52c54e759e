#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <iostream>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "emulator/exit_code.hpp"
#include "emulator/options.hpp"
#include "emulator/service.hpp"

namespace {

using namespace memorypro;

int serve(const emulator::options& options) try {
    log::start(log::form::text, options.log_level);
    asio::io_context loop(1);
    emulator::service service(loop, options);
    spawn(loop.get_executor(), "the service", service.run());
    loop.run();
    spdlog::info("stopped");
    return 0;
} catch (const std::exception& failure) {
    spdlog::critical("{}", failure.what());
    return emulator::exit_code_of(failure);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    ::umask(0077);
    const auto options = emulator::parse_options(argc, argv);
    if (!options.text.empty()) {
        (options.exit_code == 0 ? std::cout : std::cerr) << options.text;
        return options.exit_code;
    }
    const int code = serve(options);
    spdlog::shutdown();
    return code;
}
