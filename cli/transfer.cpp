// import and export: every memory as a line of JSON, in constant memory both ways.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/failure.hpp"
#include "cli/files.hpp"
#include "cli/json.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace {

constexpr std::string_view ndjson = "application/x-ndjson";

struct transfer_arguments {
    std::string file = "-";
    bool no_progress = false;

    bool shows_progress() const { return !no_progress && stderr_is_terminal(); }
};

std::string upload_file(context& shared, const transfer_arguments& given) {
    input_file file(given.file);
    progress bar(given.shows_progress(), file.size());
    return shared.daemon().upload(target("/api/v1/memory/import"), ndjson, [&] {
        const auto piece = file.read();
        bar.advance(piece);
        return piece;
    });
}

void import_memories(context& shared, const transfer_arguments& given) {
    const auto answer = upload_file(shared, given);
    const auto outcome = parse_object(answer);
    if (shared.json)
        shared.print_json(answer);
    else
        std::cout << fmt::format("imported {}, duplicates {}, failed {}\n",
                                 integer_at(outcome, "imported"), integer_at(outcome, "duplicates"),
                                 integer_at(outcome, "failed"));

    const auto failed = integer_at(outcome, "failed");
    if (failed == 0) return;
    std::vector<field_error> lines;
    for (const auto& entry : array_at(outcome, "errors")) {
        if (const auto* wrong = entry.if_object())
            lines.push_back({"line " + text_at(*wrong, "line"), text_at(*wrong, "detail")});
    }
    throw failure(exit_code::usage, fmt::format("not imported: {} of the lines", failed), lines);
}

void export_memories(context& shared, const transfer_arguments& given) {
    output_file file(given.file);
    std::uint64_t count = 0;
    {
        progress bar(given.shows_progress() && (given.file != "-" || !shared.screen.width), {});
        shared.daemon().download(target("/api/v1/memory/export"), ndjson,
                                 [&](std::string_view piece) {
                                     file.write(piece);
                                     bar.advance(piece);
                                     return true;
                                 });
        count = bar.count();
    }
    file.commit();
    if (given.file != "-") std::cerr << fmt::format("{} exported to {}\n", count, given.file);
}

}  // namespace

void add_transfer_verbs(CLI::App& app, context& shared) {
    const auto add =
        [&](const char* name, const char* summary, const char* examples,
            const char* file_help) -> std::pair<CLI::App&, std::shared_ptr<transfer_arguments>> {
        auto& verb = add_verb(app, name, summary, examples);
        auto given = std::make_shared<transfer_arguments>();
        verb.add_option("file", given->file, file_help)->type_name("FILE");
        verb.add_flag("--no-progress", given->no_progress, "No progress on the terminal");
        return {verb, given};
    };

    auto [import_verb, importing] = add("import", "Store memories from lines of JSON",
                                        "  memorypro import backup.ndjson\n"
                                        "  zcat backup.ndjson.gz | memorypro import -\n",
                                        "NDJSON; '-' or none: standard input");
    import_verb.callback([&shared, given = importing] { import_memories(shared, *given); });

    auto [export_verb, exporting] = add("export", "Write every memory as a line of JSON",
                                        "  memorypro export backup.ndjson\n"
                                        "  memorypro export | gzip > backup.ndjson.gz\n",
                                        "Where to; '-' or none: standard output");
    export_verb.callback([&shared, given = exporting] { export_memories(shared, *given); });
}

}  // namespace memorypro::cli
