// memorypro-emulator's command line.
#pragma once

#include <spdlog/common.h>

#include <string>
#include <vector>

#include "emulator/fault.hpp"
#include "emulator/schedule.hpp"

namespace memorypro::emulator {

struct options {
    // Not empty: to be printed in place of running, with the exit code; stdout if that is 0.
    std::string text;
    int exit_code = 0;

    std::string listen = "127.0.0.1:8900";
    bool tls = false;
    std::string certificate;             // file; empty: generated
    std::string key;                     // file
    std::vector<std::string> tls_names;  // of the generated one, beside those of this host
    std::string certificate_out;         // file for the authority to trust; empty: none
    std::string api_key = "development-key";
    std::string api_secret = "development-secret";
    std::string data_dir;  // empty: a temporary one
    bool durable = false;
    std::string webhook_ca;  // file; empty: the system's authorities
    std::string port_file;   // empty: none
    std::vector<fault> faults;
    std::vector<scheduled_event> schedule;
    spdlog::level::level_enum log_level = spdlog::level::info;
};

// Never throws and never exits.
options parse_options(int argc, const char* const* argv);

}  // namespace memorypro::emulator
