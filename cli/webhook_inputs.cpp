#include "cli/webhook_inputs.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <iostream>

#include "cli/failure.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"
#include "config/parse.hpp"

namespace memorypro::cli {

namespace {

constexpr std::size_t largest_input = std::size_t{16} << 20;

std::string secret_in(const std::string& path) {
    auto text = read_bytes(path);
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();  // the editor's, not the secret's
    if (text.empty()) throw failure(exit_code::usage, "--secret-file: there is no secret in it");
    auto secret = config::parse_secret(text);
    if (!secret) throw failure(exit_code::usage, "--secret-file: " + secret.error().detail);
    return std::move(*secret);
}

}  // namespace

void webhook_inputs::add_to(CLI::App& app, const std::string& body_help) {
    add_argument(app, "body", body_file, body_help)->type_name("FILE");
    add_argument(app, "--secret-file", secret_file,
                 "The secret is in this file, - for standard input (default: the settings')")
        ->type_name("FILE");
    add_argument(app, "--config", config_file, "The settings file (/etc/memorypro/memorypro.env)")
        ->type_name("FILE");
}

const config::settings& webhook_inputs::settings() const {
    if (loaded_) return *loaded_;
    auto loaded = config::load({{}, config::environment(), config_file});
    for (const auto& problem : loaded.problems)
        std::cerr << "memorypro: " << printable(problem) << '\n';
    return loaded_.emplace(std::move(loaded.settings));
}

std::vector<std::string> webhook_inputs::secrets() const {
    if (secret_file) return {secret_in(*secret_file)};
    const auto& found = settings();
    if (found.webhook_secret.empty())
        throw failure(exit_code::configuration,
                      "no secret: give --secret-file, or set MEMORYPRO_WEBHOOK_SECRET, "
                      "MEMORYPRO_WEBHOOK_SECRET_FILE or the settings file (--config); those in "
                      "/etc/memorypro/credentials are for root");
    std::vector<std::string> secrets{found.webhook_secret};
    if (!found.webhook_secret_previous.empty()) secrets.push_back(found.webhook_secret_previous);
    return secrets;
}

std::string webhook_inputs::body() const {
    const auto path = body_file.value_or("-");
    if (path == "-" && secret_file == "-")
        throw failure(exit_code::usage, "body and secret cannot both come from standard input");
    return read_bytes(path);
}

bool delivery_headers::add(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const auto name = boost::trim_copy(std::string(line.substr(0, colon)));
    auto value = boost::trim_copy(std::string(line.substr(colon + 1)));
    if (boost::iequals(name, "X-MemoryPro-Signature")) memorypro_signature = std::move(value);
    if (boost::iequals(name, "webhook-id")) webhook_id = std::move(value);
    if (boost::iequals(name, "webhook-timestamp")) webhook_timestamp = std::move(value);
    if (boost::iequals(name, "webhook-signature")) webhook_signature = std::move(value);
    return true;
}

webhook::signature_headers delivery_headers::view() const {
    return {memorypro_signature, webhook_id, webhook_timestamp, webhook_signature};
}

void add_lines(delivery_headers& headers, std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        headers.add(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

std::string read_bytes(const std::string& path) {
    if (path == "-" && stdin_is_terminal())
        std::cerr << "memorypro: reading standard input, end with Ctrl-D\n";
    input_file file(path);
    std::string bytes;
    for (auto piece = file.read(); !piece.empty(); piece = file.read()) {
        bytes += piece;
        if (bytes.size() > largest_input)
            throw failure(exit_code::usage, fmt::format("{} is over 16 MiB", path));
    }
    return bytes;
}

}  // namespace memorypro::cli
