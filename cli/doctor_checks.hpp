// What doctor looks at. A check never throws; it says in a line what it found.
#pragma once

#include <string>

#include "cli/context.hpp"
#include "cli/failure.hpp"

namespace memorypro::cli {

enum class verdict { good, bad, skipped };

struct finding {
    verdict outcome = verdict::good;
    std::string detail;
    exit_code code = exit_code::internal;  // why it is bad
};

template <class Check>
finding guarded(Check check) {
    try {
        return check();
    } catch (const failure& error) {
        return {verdict::bad, error.what(), error.code};
    }
}

// On this host; the daemon need not run.
finding check_socket(const std::string& path);
finding check_disk(const std::string& data_directory);
finding check_database(const std::string& data_directory);

// Through the daemon.
finding check_answer(context&);
finding check_version(context&);
finding check_ready(context&);
// Stores, recalls and deletes a memory of its own; only in local mode unless `even_in_the_cloud`,
// which cannot delete what it was sent.
finding check_round_trip(context&, bool even_in_the_cloud);
finding check_cloud(context&);
finding check_queue(context&);  // tries to send what is pending
finding check_dead_letters(context&);

}  // namespace memorypro::cli
