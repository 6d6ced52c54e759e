#include "cli/failure.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "cli/json.hpp"

namespace memorypro::cli {

exit_code exit_code_of(unsigned status) {
    switch (status) {
        case 403:
            return exit_code::not_permitted;
        case 404:
            return exit_code::not_found;
        case 408:
        case 429:
        case 503:
            return exit_code::try_again;
        case 405:
            return exit_code::internal;  // this client and that daemon do not match
        default:
            break;
    }
    return status >= 400 && status < 500 ? exit_code::usage : exit_code::internal;
}

failure failure_of(unsigned status, std::string_view body, std::string_view retry_after) {
    boost::system::error_code not_json;
    const auto document = boost::json::parse(body, not_json);
    const auto* problem = not_json ? nullptr : document.if_object();

    std::string detail = problem ? text_at(*problem, "detail") : "";
    if (detail.empty() && problem) detail = text_at(*problem, "title");
    if (detail.empty()) detail = fmt::format("the daemon answered with status {}", status);
    if (!retry_after.empty()) detail += fmt::format(" (try again in {} s)", retry_after);

    std::vector<field_error> fields;
    if (problem) {
        for (const auto& entry : array_at(*problem, "errors")) {
            if (const auto* field = entry.if_object())
                fields.push_back({text_at(*field, "field"), text_at(*field, "detail")});
        }
    }
    // The daemon passes on what the cloud said of this memory: it will say it again.
    const bool refused = problem && text_at(*problem, "code") == "refused_by_cloud";
    return {refused ? exit_code::usage : exit_code_of(status), detail, std::move(fields)};
}

}  // namespace memorypro::cli
