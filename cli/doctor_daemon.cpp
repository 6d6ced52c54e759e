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

constexpr int flush_seconds = 5;
constexpr const char* test_user = "memorypro-doctor";

json::object get(context& shared, const char* path) {
    return parse_object(shared.daemon().call(method::get, target(path)));
}

json::object post(context& shared, const char* path, const json::value& body) {
    return parse_object(shared.daemon().call(method::post, target(path), &body));
}

template <class Check>
finding guarded(Check check) {
    try {
        return check();
    } catch (const failure& error) {
        return {verdict::bad, error.what(), error.code};
    }
}

std::string new_marker() {
    std::random_device random;
    return fmt::format("doctor{:08x}{:08x}", random(), random());
}

bool recalled(context& shared, const std::string& marker, const std::string& id) {
    const json::value body{{"query", marker},
                           {"recall_count", 5},
                           {"user_id", test_user},
                           {"auto_queue_actions", false}};
    const auto answer = post(shared, "/api/v1/memory/recall", body);
    for (const auto& entry : array_at(answer, "memories")) {
        const auto* memory = entry.if_object();
        if (memory && text_at(*memory, "memory_id") == id) return true;
    }
    return false;
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

finding check_round_trip(context& shared) {
    return guarded([&]() -> finding {
        const auto marker = new_marker();
        const auto started = std::chrono::steady_clock::now();
        const json::value body{{"content", "memorypro doctor " + marker},
                               {"user_id", test_user},
                               {"memory_type", "doctor"}};
        const auto id = text_at(post(shared, "/api/v1/memory/store", body), "memory_id");
        const bool found = recalled(shared, marker, id);
        const auto took =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started);
        const auto removed = parse_object(
            shared.daemon().call(method::remove, target("/api/v1/memory").segment(id)));
        if (!found) return {verdict::bad, fmt::format("{} was stored and not recalled", id)};
        const bool retained = text_at(removed, "cloud_copy") == "retained";
        return {verdict::good,
                fmt::format("stored and recalled in {:.1f} ms, deleted{}", took.count(),
                            retained ? "; the cloud keeps a copy" : "")};
    });
}

finding check_queue(context& shared) {
    return guarded([&]() -> finding {
        const auto status = get(shared, "/api/v1/status");
        const auto& queue = object_at(status, "queue");
        const auto dead = integer_at(queue, "dead");
        const auto refused =
            dead ? fmt::format("; {} refused by the cloud (memorypro queue)", dead) : "";
        const auto pending = integer_at(queue, "pending") + integer_at(queue, "in_flight");
        if (pending == 0) return {verdict::good, "nothing waits" + refused};

        shared.daemon().allow(std::chrono::seconds(flush_seconds));
        const auto flushed = parse_object(shared.daemon().call(
            method::post,
            target("/api/v1/queue/flush").parameter("timeout", std::to_string(flush_seconds))));
        const auto left = integer_at(flushed, "pending");
        if (flag_at(flushed, "drained") || left < pending)
            return {verdict::good, fmt::format("{} waited, {} wait now{}", pending, left, refused)};
        return {verdict::bad,
                fmt::format("{} wait and none was sent: {}{}", pending,
                            text_at(object_at(status, "cloud"), "last_error"), refused)};
    });
}

}  // namespace memorypro::cli
