#include "webhook_peers.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <system_error>
#include <thread>

#include "webhook_requests.hpp"

namespace memorypro::bench {
namespace {

namespace fs = std::filesystem;

constexpr auto python = "/usr/bin/python3";  // Debian's packages are for this one

std::string port_of(const std::string& address) {
    return address.substr(address.rfind(':') + 1);
}

// Without a log of requests. Temporary files, which these requests do not need, stay in its prefix.
std::string nginx_settings(const std::string& address) {
    return fmt::format(R"(daemon off;
master_process off;
worker_processes 1;
user root;
pid nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    keepalive_requests 1000000000;
    client_body_buffer_size 64k;
    default_type application/json;
    server {{
        listen {};
        location / {{ return 200 '{{"status":"received"}}'; }}
    }}
}}
)",
                       address);
}

}  // namespace

std::string free_loopback_address() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    const bool bound =
        socket >= 0 && ::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0;
    const int failure = errno;
    if (socket >= 0) ::close(socket);
    if (!bound) throw std::system_error(failure, std::generic_category(), "a loopback port");
    return fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
}

receiving_daemon start_receiving_daemon(const fs::path& program, workspace& space) {
    auto address = free_loopback_address();
    auto api =
        start_daemon(program, space,
                     fmt::format("MEMORYPRO_WEBHOOK_SECRET={}\nMEMORYPRO_WEBHOOK_LISTEN={}\n",
                                 webhook_secret, address));
    return {std::move(api), std::move(address)};
}

std::optional<server> start_fastapi(workspace& space) {
    const auto folder = space.fresh("fastapi");
    if (!fs::exists(python)) return std::nullopt;
    child probe({python, "-c", "import fastapi, uvicorn, uvloop, httptools"}, folder / "probe");
    while (probe.running())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (probe.stop() != 0) return std::nullopt;
    const auto address = free_loopback_address();
    child process(
        {python, MEMORYPRO_FASTAPI_RECEIVER, port_of(address), std::string(webhook_secret)},
        folder / "log");
    return await_ready({std::move(process), address, framing::http}, http_get("/openapi.json"));
}

server start_nginx(const fs::path& program, workspace& space) {
    const auto folder = space.fresh("nginx");
    const auto address = free_loopback_address();
    std::ofstream(folder / "nginx.conf") << nginx_settings(address);
    child process({program, "-p", folder, "-c", "nginx.conf", "-e", "stderr"}, folder / "log");
    return await_ready({std::move(process), address, framing::http}, http_get("/"));
}

}  // namespace memorypro::bench
