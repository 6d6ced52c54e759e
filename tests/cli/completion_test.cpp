#include "cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/app.hpp"
#include "support/catch.hpp"

using namespace memorypro::cli;

namespace {

struct completed {
    bool files;
    std::vector<std::string> words;

    bool has(const std::string& word) const {
        return std::find(words.begin(), words.end(), word) != words.end();
    }
};

completed after(std::vector<std::string> words) {
    context shared;
    words.insert(words.begin(), "memorypro");
    const auto found = complete(*make_app(shared), words);
    completed all{found.files, {}};
    for (const auto& each : found.words)
        all.words.push_back(each.word);
    return all;
}

}  // namespace

TEST_CASE("verbs are completed") {
    CHECK(after({"rec"}).words == std::vector<std::string>{"recall", "recommendations"});
    CHECK(after({""}).has("doctor"));
    CHECK(after({""}).has("completion"));
    CHECK(after({"queue", ""}).words ==
          std::vector<std::string>{"show", "retry", "delete", "flush"});
    CHECK(after({"webhook", ""}).words == std::vector<std::string>{"verify", "sign", "send"});
}

TEST_CASE("options are completed for their verb") {
    CHECK(after({"store", "--idem"}).words == std::vector<std::string>{"--idempotency-key"});
    CHECK(after({"store", "--"}).has("--json"));
    CHECK_FALSE(after({"store", "--"}).has("--count"));
    CHECK(after({"queue", "flush", "--t"}).words == std::vector<std::string>{"--timeout"});
}

TEST_CASE("a value is completed where it is one of a few, or a file") {
    CHECK(after({"store", "--priority", "u"}).words == std::vector<std::string>{"urgent"});
    CHECK(after({"queue", "--state", "d"}).words == std::vector<std::string>{"dead"});
    CHECK(after({"actions", "list", "--status", "c"}).words ==
          std::vector<std::string>{"completed", "cancelled"});
    CHECK(after({"webhook", "sign", "--secret-file", ""}).files);
    CHECK(after({"store", "--tag", ""}).words.empty());
    CHECK(after({"--socket", ""}).files);
    CHECK(after({"import", ""}).files);
    CHECK(after({"restore", ""}).files);
    CHECK(after({"restore", "--data-dir", ""}).files);
    CHECK_FALSE(after({"store", ""}).files);
}

TEST_CASE("the value of an option is not taken for a verb") {
    CHECK(after({"--socket", "list", "st"}).has("store"));
}
