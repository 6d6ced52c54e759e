// What webhook verify, sign and send work on: secrets, which never come by the command line, the
// raw body, and headers as text. Failures throw failure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "config/settings.hpp"
#include "webhook/verify.hpp"

namespace memorypro::cli {

class webhook_inputs {
public:
    argument secret_file;  // "-": standard input
    argument config_file;
    argument body_file;

    void add_to(CLI::App&, const std::string& body_help);

    // What a daemon started from here would have; read once, what is wrong with it is told once.
    const config::settings& settings() const;

    // The one of --secret-file, else the settings' secret and the previous one. Never empty.
    std::vector<std::string> secrets() const;

    // The file's bytes, or standard input's: all of them, also a line end.
    std::string body() const;

private:
    mutable std::optional<config::settings> loaded_;
};

// A delivery's headers, of which the four that sign it are kept.
struct delivery_headers {
    std::string memorypro_signature, webhook_id, webhook_timestamp, webhook_signature;

    // "Name: value", the name in any case. False: it is no header.
    bool add(std::string_view line);

    webhook::signature_headers view() const;
};

// Each line of a request's head; what is no header, such as its first line, is passed over.
void add_lines(delivery_headers&, std::string_view text);

// All of a file, or of standard input for "-".
std::string read_bytes(const std::string& path);

}  // namespace memorypro::cli
