#include "cli/completion.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <sstream>

#include "cli/failure.hpp"
#include "cli/verbs.hpp"

namespace memorypro::cli {

namespace {

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}
bool takes_file(const CLI::Option& option) {
    return option.get_type_name().starts_with("FILE");
}

const CLI::Option* find_option(const CLI::App& verb, const std::string& word) {
    for (const auto* option : verb.get_options()) {
        if (!word.starts_with('-') || option->get_positional()) continue;
        if (option->check_name(word)) return option;
    }
    return nullptr;
}

const CLI::App* find_verb(const CLI::App& parent, const std::string& word) {
    for (const auto* verb : parent.get_subcommands({})) {
        if (verb->get_name() == word) return verb;
    }
    return nullptr;
}

// Of an option that is checked against a list: its type reads "TEXT:{low,medium,high,urgent}".
std::vector<candidate> choices_of(const CLI::Option& option) {
    const auto type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.rfind('}');
    if (open == std::string::npos || close == std::string::npos) return {};
    std::vector<candidate> choices;
    std::istringstream list(type.substr(open + 1, close - open - 1));
    for (std::string choice; std::getline(list, choice, ',');)
        choices.push_back({choice, ""});
    return choices;
}

void add_options(const CLI::App& verb, candidates& all) {
    for (const auto* option : verb.get_options()) {
        for (const auto& name : option->get_lnames())
            all.words.push_back({"--" + name, option->get_description()});
    }
}

void add_arguments(const CLI::App& verb, candidates& all) {
    for (const auto* child : verb.get_subcommands({})) {
        if (!child->get_group().empty())  // without a group it is hidden
            all.words.push_back({child->get_name(), child->get_description()});
    }
    for (const auto* option : verb.get_options()) {
        if (!option->get_positional()) continue;
        all.files = all.files || takes_file(*option);
    }
}

}  // namespace

candidates complete(const CLI::App& program, const std::vector<std::string>& words) {
    const auto typed = words.empty() ? std::string() : words.back();
    const auto* verb = &program;
    const CLI::Option* waiting = nullptr;  // the option whose value comes next
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
        if (waiting) {
            waiting = nullptr;
        } else if (const auto* option = find_option(*verb, words[i])) {
            waiting = takes_value(*option) ? option : nullptr;
        } else if (const auto* child = find_verb(*verb, words[i])) {
            verb = child;
        }
    }

    candidates all;
    if (waiting) {
        all.files = takes_file(*waiting);
        all.words = choices_of(*waiting);
    } else if (typed.starts_with('-')) {
        add_options(*verb, all);
    } else {
        add_arguments(*verb, all);
    }
    std::erase_if(all.words, [&](const candidate& each) { return !each.word.starts_with(typed); });
    return all;
}

namespace {

// Each function hands the words to `memorypro completion words`; ":files" asks for file names.
constexpr const char* bash_function = R"(# bash completion for memorypro
_memorypro() {
    local IFS=$'\n'
    COMPREPLY=($(memorypro completion words "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null | cut -f1))
    if [[ ${COMPREPLY[0]} == :files ]]; then
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
    fi
}
complete -F _memorypro memorypro
)";

constexpr const char* zsh_function = R"(#compdef memorypro
_memorypro() {
    local -a lines words_and_meanings
    lines=("${(@f)$(memorypro completion words "${(@)words[1,CURRENT]}" 2>/dev/null)}")
    if [[ ${lines[1]} == :files ]]; then
        _files
    else
        words_and_meanings=("${(@)lines/$'\t'/:}")
        _describe command words_and_meanings
    fi
}
if [[ $funcstack[1] == _memorypro ]]; then _memorypro "$@"; else compdef _memorypro memorypro; fi
)";

constexpr const char* fish_function = R"(# fish completion for memorypro
function __memorypro_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (memorypro completion words $words 2>/dev/null)
    if test "$lines[1]" = :files
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $lines
    end
end
complete -c memorypro -f -a '(__memorypro_complete)'
)";

void print_candidates(const candidates& all) {
    if (all.files) std::cout << ":files\n";
    for (const auto& each : all.words)
        std::cout << each.word << '\t' << each.meaning << '\n';
}

}  // namespace

void add_completion_verb(CLI::App& app) {
    auto& verb =
        add_verb(app, "completion", "Print a shell's completion function",
                 "  . <(memorypro completion bash)\n"
                 "  memorypro completion fish > ~/.config/fish/completions/memorypro.fish\n");
    auto shell = std::make_shared<std::string>();
    verb.add_option("shell", *shell, "Which")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish", "words"}));
    verb.prefix_command();  // what follows 'words' is a command line, not ours to parse
    verb.callback([&app, &verb, shell] {
        if (*shell == "bash") std::cout << bash_function;
        if (*shell == "zsh") std::cout << zsh_function;
        if (*shell == "fish") std::cout << fish_function;
        if (*shell == "words") print_candidates(complete(app, verb.remaining()));
    });
}

}  // namespace memorypro::cli
