// What else can take a webhook: a FastAPI endpoint that verifies and parses, and nginx that only
// answers.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "servers.hpp"

namespace memorypro::bench {

std::string free_loopback_address();  // "127.0.0.1:43210", free a moment ago

// Takes webhooks at webhook_address; its socket is the API's.
struct receiving_daemon {
    server api;
    std::string webhook_address;
};
receiving_daemon start_receiving_daemon(const std::filesystem::path& program, workspace&);

// nullopt: FastAPI, uvicorn, uvloop or httptools is not installed for the system's Python.
std::optional<server> start_fastapi(workspace&);

// One process, which is its one worker.
server start_nginx(const std::filesystem::path& program, workspace&);

}  // namespace memorypro::bench
