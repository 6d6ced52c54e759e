#include "cloud_peer.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "cloud/https_transport.hpp"
#include "config/url.hpp"
#include "measure.hpp"

namespace memorypro::bench {
namespace {

namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

std::string first_line(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return in.eof() ? std::string() : line;  // written whole, with its end
}

}  // namespace

std::string emulator::settings() const {
    return fmt::format(
        "MEMORYPRO_API_URL={}\nMEMORYPRO_API_KEY=key\nMEMORYPRO_API_SECRET=secret\n"
        "MEMORYPRO_CA_FILE={}\nMEMORYPRO_ENABLE_PUSH=false\nMEMORYPRO_ENABLE_POLLING=false\n",
        url(), authority.string());
}

emulator start_emulator(const fs::path& program, workspace& space,
                        const std::vector<std::string>& more) {
    const auto data = space.fresh("emulator");
    const auto authority = data / "authority.pem";
    const auto port_file = data / "port";
    std::vector<std::string> argv = {program,        "--listen",    "127.0.0.1:0", "--tls",
                                     "--cert-out",   authority,     "--port-file", port_file,
                                     "--data-dir",   data / "data", "--api-key",   "key",
                                     "--api-secret", "secret"};
    argv.insert(argv.end(), more.begin(), more.end());
    child process(std::move(argv), data / "log");
    const auto deadline = steady::now() + std::chrono::seconds(20);
    while (process.running() && steady::now() < deadline) {
        check_interrupted();
        auto address = first_line(port_file);
        if (!address.empty()) return {std::move(process), std::move(address), authority};
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("the emulator did not start: " + process.log_tail());
}

struct cloud_caller::parts {
    explicit parts(const emulator& cloud)
        : transport(loop.get_executor(), {.connect = {.server = *config::parse_url(cloud.url()),
                                                      .ca_file = cloud.authority}}) {}

    asio::io_context loop{1};
    cloud::https_transport transport;
    memorypro::id_generator ids;
};

cloud_caller::cloud_caller(const emulator& cloud) : parts_(std::make_unique<parts>(cloud)) {}
cloud_caller::~cloud_caller() = default;

std::string cloud_caller::ask(std::string_view method, std::string target, std::string body) {
    cloud::request asked{.method = method, .target = std::move(target), .body = std::move(body)};
    asked.headers = {{"Authorization", "Bearer key"}, {"X-API-Secret", "secret"}};
    if (!asked.body.empty()) {
        asked.headers.emplace_back("Content-Type", "application/json");
        asked.headers.emplace_back("Idempotency-Key", parts_->ids.next(system_clock().now()));
    }
    std::optional<cloud::outcome> got;
    asio::co_spawn(
        parts_->loop.get_executor(),
        parts_->transport.exchange(std::move(asked), steady::now() + std::chrono::seconds(30)),
        [&got](std::exception_ptr failure, cloud::outcome outcome) {
            if (!failure) got = std::move(outcome);
        });
    parts_->loop.restart();
    while (!got && parts_->loop.run_one() > 0) {
    }
    if (!got) throw std::runtime_error("a call of the emulator failed");
    if (const auto* none = std::get_if<cloud::no_answer>(&*got))
        throw std::runtime_error("the emulator did not answer: " + none->detail);
    auto& answered = std::get<cloud::answer>(*got);
    if (answered.status / 100 != 2)
        throw std::runtime_error(fmt::format("the emulator answered {}: {}", answered.status,
                                             answered.body.substr(0, 300)));
    return std::move(answered.body);
}

std::vector<std::uint32_t> cloud_caller::store_latencies_ns(const vocabulary& words,
                                                            std::size_t count) {
    std::vector<std::uint32_t> latencies;
    latencies.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        check_interrupted();
        auto body = store_body(memory_at(words, i));
        const auto begin = steady::now();
        ask("POST", "/api/v1/memory/store", std::move(body));
        latencies.push_back(saturated_ns(steady::now() - begin));
    }
    return latencies;
}

std::optional<double> httpx_seconds(const emulator& cloud, workspace& space, std::uint64_t memories,
                                    std::size_t connections) {
    const auto python = find_program("python3");
    if (python.empty()) return std::nullopt;
    const auto folder = space.fresh("httpx");
    child probe({python, "-c", "import httpx"}, folder / "probe");
    while (probe.running())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (probe.stop() != 0) return std::nullopt;
    child client({python, MEMORYPRO_HTTPX_CLIENT, cloud.url(), cloud.authority,
                  std::to_string(memories), std::to_string(connections)},
                 folder / "log");
    while (client.running()) {
        check_interrupted();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    std::istringstream said(client.log_tail());
    std::string word;
    double seconds = 0;
    if (client.stop() != 0 || !(said >> word >> seconds) || word != "seconds")
        throw std::runtime_error("the httpx client failed: " + client.log_tail());
    return seconds;
}

}  // namespace memorypro::bench
