// What every command works with: the options that all of them have, the daemon, the screen.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/client.hpp"
#include "cli/terminal.hpp"

namespace memorypro::cli {

class context {
public:
    std::vector<std::string> arguments;  // as typed

    // Set by the command line.
    bool json = false;
    std::string socket;   // --socket; empty: find_socket()
    double timeout = 60;  // seconds; MEMORYPRO_TIMEOUT may make a store take 30

    const terminal screen = standard_output();

    std::string socket_path() const;
    client& daemon();  // connects at the first call

    // The API's JSON as it came, on a line of its own.
    void print_json(std::string_view body) const;

private:
    std::optional<client> daemon_;
};

}  // namespace memorypro::cli
