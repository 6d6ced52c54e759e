// Each group of verbs adds itself to the command line. A verb runs when the whole line was
// accepted, and throws failure when it could not do all of its work.
#pragma once

#include <string>

#include "cli/context.hpp"

namespace CLI {
class App;
}

namespace memorypro::cli {

// `examples` are lines of the verb's help.
CLI::App& add_verb(CLI::App& parent, const std::string& name, const std::string& summary,
                   const std::string& examples);

void add_memory_verbs(CLI::App&, context&);           // store get update delete
void add_search_verbs(CLI::App&, context&);           // recall list
void add_transfer_verbs(CLI::App&, context&);         // import export
void add_backup_verbs(CLI::App&, context&);           // backup restore
void add_queue_verbs(CLI::App&, context&);            // queue, and its show retry delete flush
void add_sync_verb(CLI::App&, context&);              // sync
void add_reindex_verb(CLI::App&, context&);           // reindex
void add_insights_verb(CLI::App&, context&);          // insights
void add_recommendations_verbs(CLI::App&, context&);  // recommendations list apply dismiss
void add_actions_verbs(CLI::App&, context&);          // actions list start done fail dismiss reopen
void add_events_verb(CLI::App&, context&);            // events
void add_webhook_verbs(CLI::App&, context&);          // webhook verify sign send
void add_status_verbs(CLI::App&, context&);           // status ready capabilities
void add_config_verb(CLI::App&, context&);            // config
void add_doctor_verb(CLI::App&, context&);            // doctor
void add_completion_verb(CLI::App&);                  // completion

}  // namespace memorypro::cli
