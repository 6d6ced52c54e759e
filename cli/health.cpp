#include "cli/health.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "cli/json.hpp"

namespace memorypro::cli {

namespace json = boost::json;

std::string cloud_line(const json::object& cloud) {
    auto line = text_at(cloud, "state");
    const auto circuit = text_at(cloud, "circuit");
    if (!circuit.empty() && circuit != "closed") line += ", circuit " + circuit;
    return line;
}

std::string why_not_sent(const json::object& status) {
    const auto& cloud = object_at(status, "cloud");
    const auto error = text_at(cloud, "last_error");
    if (text_at(cloud, "state") == "online" && error.empty()) return {};
    return fmt::format("the cloud is {}{}{}", cloud_line(cloud), error.empty() ? "" : ": ", error);
}

std::string credentials_advice(const json::object& cloud) {
    if (text_at(cloud, "state") != "auth_failed") return {};
    return "the cloud refuses the credentials: put the account's MEMORYPRO_API_KEY and "
           "MEMORYPRO_API_SECRET in place, then send the daemon SIGHUP, or restart it where they "
           "are credentials of its unit (systemctl restart memoryprod); what waits is kept and "
           "goes then";
}

std::string dead_letter_advice(const json::object& queue) {
    const auto dead = integer_at(queue, "dead");
    if (dead <= 0) return {};
    return fmt::format(
        "the cloud refused {}: see 'memorypro queue --dead', then 'queue retry' or 'queue delete'",
        dead == 1 ? "1 memory" : fmt::format("{} memories", dead));
}

}  // namespace memorypro::cli
