// doctor: is everything that a memory needs in order?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/data_directory.hpp"
#include "cli/doctor_checks.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace json = boost::json;

namespace {

struct doctor_arguments {
    data_options data;
    bool no_write = false;
    bool write = false;
};

class report {
public:
    explicit report(const context& shared) : shared_(shared) {}

    verdict add(const char* check, const finding& found) {
        static constexpr const char* words[] = {"ok", "FAIL", "skip"};
        const char* word = words[static_cast<int>(found.outcome)];
        if (found.outcome == verdict::bad) {
            ++failed_;
            if (found.code == exit_code::unreachable || found.code == exit_code::not_permitted)
                code_ = found.code;
        }
        checks_.push_back(
            json::object{{"check", check}, {"outcome", word}, {"detail", found.detail}});
        if (!shared_.json) {
            const auto look = found.outcome == verdict::good  ? style::good
                              : found.outcome == verdict::bad ? style::bad
                                                              : style::dim;
            std::cout << shared_.screen.styled(look, fmt::format("{:<4}", word))
                      << fmt::format("  {:<12}  {}", check, printable(found.detail)) << std::endl;
        }
        return found.outcome;
    }

    void finish() const {
        if (shared_.json) shared_.print_json(json::serialize(json::object{{"checks", checks_}}));
        if (failed_ > 0)
            throw failure(code_, fmt::format("{} of {} checks failed", failed_, checks_.size()));
    }

private:
    const context& shared_;
    json::array checks_;
    int failed_ = 0;
    exit_code code_ = exit_code::internal;
};

void examine(context& shared, const doctor_arguments& given) {
    report findings(shared);
    const auto directory = settings_of_daemon(shared, given.data).settings.data_dir;
    findings.add("socket", check_socket(shared.socket_path()));
    const bool runs = findings.add("daemon", check_answer(shared)) == verdict::good;

    const auto ask = [&](const char* name, finding (*check)(context&)) {
        findings.add(name, runs ? check(shared) : finding{verdict::skipped, "no daemon to ask"});
    };
    ask("version", check_version);
    ask("ready", check_ready);
    findings.add("disk", check_disk(directory));
    findings.add("database", check_database(directory));
    if (given.no_write)
        findings.add("round trip", {verdict::skipped, "--no-write"});
    else if (!runs)
        findings.add("round trip", {verdict::skipped, "no daemon to ask"});
    else
        findings.add("round trip", check_round_trip(shared, given.write));
    ask("cloud", check_cloud);
    ask("queue", check_queue);
    ask("dead letters", check_dead_letters);
    findings.finish();
}

}  // namespace

void add_doctor_verb(CLI::App& app, context& shared) {
    auto& verb = add_verb(app, "doctor", "Check socket, daemon, disk, database, cloud and queue",
                          "  memorypro doctor\n"
                          "  memorypro doctor --no-write --data-dir /var/lib/memorypro\n");
    auto given = std::make_shared<doctor_arguments>();
    given->data.add_to(verb);
    auto* no_write = verb.add_flag("--no-write", given->no_write, "Do not store a test memory");
    verb.add_flag("--write", given->write, "Store it also where the cloud keeps it")
        ->excludes(no_write);
    verb.callback([&shared, given] { examine(shared, *given); });
}

}  // namespace memorypro::cli
