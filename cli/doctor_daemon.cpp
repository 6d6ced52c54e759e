// doctor's checks through the daemon.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <random>

#include "cli/doctor_checks.hpp"
#include "cli/json.hpp"
#include "cli/text.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

constexpr const char* test_user = "memorypro-doctor";

json::object get(context& shared, const char* path) {
    return parse_object(shared.daemon().call(method::get, target(path)));
}

json::object post(context& shared, const char* path, const json::value& body) {
    return parse_object(shared.daemon().call(method::post, target(path), &body));
}

std::string new_marker() {
    std::random_device random;
    return fmt::format("doctor{:08x}{:08x}", random(), random());
}

// Who answered the recall that found it: "local", "cloud" or "merged"; empty: not found.
std::string recalled_by(context& shared, const std::string& marker, const std::string& id) {
    const json::value body{{"query", marker},
                           {"recall_count", 5},
                           {"user_id", test_user},
                           {"auto_queue_actions", false}};
    const auto answer = post(shared, "/api/v1/memory/recall", body);
    for (const auto& entry : array_at(answer, "memories")) {
        const auto* memory = entry.if_object();
        if (memory && text_at(*memory, "memory_id") == id) return text_at(answer, "source");
    }
    return {};
}

}  // namespace

finding check_answer(context& shared) {
    return guarded([&]() -> finding {
        const auto status = get(shared, "/api/v1/status");
        return {verdict::good, fmt::format("mode {}, up {}", text_at(status, "mode"),
                                           human_seconds(integer_at(status, "uptime_seconds")))};
    });
}

finding check_version(context& shared) {
    return guarded([&]() -> finding {
        const auto running = text_at(get(shared, "/api/v1/status"), "version");
        if (running == MEMORYPRO_VERSION) return {verdict::good, running};
        return {verdict::bad,
                fmt::format("the daemon is {}, this program {}", running, MEMORYPRO_VERSION)};
    });
}

finding check_ready(context& shared) {
    return guarded([&]() -> finding {
        const auto answer = get(shared, "/readyz?verbose");
        std::string parts;
        for (const auto& [name, value] : object_at(answer, "checks"))
            parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", std::string_view(name),
                                 text_of(value));
        return {verdict::good, parts};
    });
}

finding check_round_trip(context& shared, bool even_in_the_cloud) {
    return guarded([&]() -> finding {
        if (!even_in_the_cloud && text_at(get(shared, "/api/v1/status"), "mode") != "local")
            return {verdict::skipped, "the cloud would keep the test memory; --write stores it"};
        const auto marker = new_marker();
        const auto started = std::chrono::steady_clock::now();
        const json::value body{{"content", "memorypro doctor " + marker},
                               {"user_id", test_user},
                               {"memory_type", "doctor"}};
        const auto stored = post(shared, "/api/v1/memory/store", body);
        const auto id = text_at(stored, "memory_id");
        const auto source = recalled_by(shared, marker, id);
        const auto took =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started);
        const auto removed = parse_object(
            shared.daemon().call(method::remove, target("/api/v1/memory").segment(id)));
        if (source.empty())
            return {verdict::bad, fmt::format("{} was stored and not recalled", id)};
        const bool retained = text_at(removed, "cloud_copy") == "retained";
        return {verdict::good, fmt::format("stored ({}) and recalled ({}) in {:.1f} ms, deleted{}",
                                           text_at(stored, "sync_state"), source, took.count(),
                                           retained ? "; the cloud keeps its copy" : "")};
    });
}

}  // namespace memorypro::cli
