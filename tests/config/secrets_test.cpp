#include "config/fixture.hpp"
#include "support/catch.hpp"

namespace memorypro::config {
namespace {

using problems = std::vector<std::string>;

TEST_CASE("a secret can come from a file, whose newline is not part of it") {
    const scratch files;
    for (const char* text : {"hush", "hush\n", "hush\r\n", "hush\n\n"}) {
        const loaded got =
            load_from({{"MEMORYPRO_WEBHOOK_SECRET_FILE", files.write("secret", text)}});
        CHECK(joined(got.problems) == "");
        CHECK(got.warnings.empty());
        CHECK(got.settings.webhook_secret == "hush");
    }
}

TEST_CASE("each secret has its file and its credential") {
    const scratch files;
    struct {
        const char* key;
        const char* credential;
        std::string settings::* member;
    } const secrets[] = {
        {"MEMORYPRO_API_KEY", "api_key", &settings::api_key},
        {"MEMORYPRO_API_SECRET", "api_secret", &settings::api_secret},
        {"MEMORYPRO_WEBHOOK_SECRET", "webhook_secret", &settings::webhook_secret},
        {"MEMORYPRO_WEBHOOK_SECRET_PREVIOUS", "webhook_secret_previous",
         &settings::webhook_secret_previous},
    };
    for (const auto& one : secrets)
        files.write(one.credential, std::string("c-") + one.credential);
    for (const auto& one : secrets) {
        CAPTURE(one.key);
        const std::string file = files.write("other", "from file\n");
        const values environment = {{"CREDENTIALS_DIRECTORY", files.path("")},
                                    {std::string(one.key) + "_FILE", file}};
        CHECK(load_from(environment).settings.*one.member == "from file");
        const loaded credentials = load_from({{"CREDENTIALS_DIRECTORY", files.path("")}});
        CHECK(joined(credentials.problems) == "");
        CHECK(credentials.settings.*one.member == std::string("c-") + one.credential);
    }
}

TEST_CASE("for secrets too a higher source wins, by value or by file, and credentials come last") {
    const scratch files;
    files.write("api_key", "credential");
    const std::string secret = files.write("secret", "by file");
    const values credentials = {{"CREDENTIALS_DIRECTORY", files.path("")}};
    const auto key = [&](values environment, values flags, std::string_view file) {
        environment.insert(credentials.begin(), credentials.end());
        const loaded got = load_from(environment, flags, files.write("env", file));
        CHECK(joined(got.problems) == "");
        return got.settings.api_key;
    };
    CHECK(key({}, {}, "") == "credential");
    CHECK(key({}, {}, "MEMORYPRO_API_KEY=file") == "file");
    CHECK(key({{"MEMORYPRO_API_KEY_FILE", secret}}, {}, "MEMORYPRO_API_KEY=file") == "by file");
    CHECK(key({{"MEMORYPRO_API_KEY", "env"}}, {}, "MEMORYPRO_API_KEY_FILE=" + secret) == "env");
    CHECK(key({{"MEMORYPRO_API_KEY", "env"}}, {{"MEMORYPRO_API_KEY_FILE", secret}}, "") ==
          "by file");
}

TEST_CASE("a secret and its file in one source contradict each other") {
    const scratch files;
    const std::string secret = files.write("secret", "x");
    const loaded got =
        load_from({{"MEMORYPRO_API_KEY", "hush"}, {"MEMORYPRO_API_KEY_FILE", secret}});
    CHECK(got.problems ==
          problems{
              "MEMORYPRO_API_KEY (environment): is set beside MEMORYPRO_API_KEY_FILE; keep one"});
}

TEST_CASE("a secret's file that is missing, empty, huge or not text is an error") {
    const scratch files;
    struct {
        std::string path;
        const char* detail;
    } const bad[] = {
        {"", "must not be empty"},
        {files.path("absent"), "cannot be read: No such file or directory"},
        {files.path(""), "cannot be read: Is a directory"},
        {files.write("empty", ""), "the file is empty"},
        {files.write("newline", "\n"), "the file is empty"},
        {files.write("lines", "hush\nX-Evil: 1\n"), "has a control character or a line break"},
        {files.write("nul", std::string_view("hu\0sh", 5)),
         "has a control character or a line break"},
        {files.write("long", std::string(5000, 'h')), "is longer than 4096 bytes"},
        {"/dev/zero", "is larger than 64 KiB"},
    };
    for (const auto& one : bad)
        CHECK(load_from({{"MEMORYPRO_WEBHOOK_SECRET_FILE", one.path}}).problems ==
              problems{std::string("MEMORYPRO_WEBHOOK_SECRET_FILE (environment): ") + one.detail});
}

TEST_CASE("a file that a higher source replaces is not read") {
    const scratch files;
    const std::string file = files.write("env", "MEMORYPRO_WEBHOOK_SECRET_FILE=/nowhere\n");
    CHECK(load_from({{"MEMORYPRO_WEBHOOK_SECRET", "w"}}, {}, file).problems.empty());
}

TEST_CASE("a credential that is there must be good") {
    const scratch files;
    files.write("webhook_secret", "\n");
    const loaded got = load_from({{"CREDENTIALS_DIRECTORY", files.path("")}});
    CHECK(got.problems ==
          problems{"MEMORYPRO_WEBHOOK_SECRET (credential webhook_secret): the file is empty"});
    CHECK(load_from({{"CREDENTIALS_DIRECTORY", "/nowhere"}}).problems.empty());
    CHECK(load_from({{"CREDENTIALS_DIRECTORY", ""}}).problems.empty());
}

TEST_CASE(
    "a credential from a directory that the unit loads has a prefix; one by its own name wins") {
    const scratch files;
    const values environment = {{"CREDENTIALS_DIRECTORY", files.path("")}};
    files.write("memorypro_api_key", "from the directory\n");
    CHECK(load_from(environment).settings.api_key == "from the directory");
    files.write("api_key", "by name");
    CHECK(load_from(environment).settings.api_key == "by name");
}

TEST_CASE("without systemd the credentials are those beside the settings file") {
    const scratch files;
    const std::string file =
        files.write("env", "MEMORYPRO_WEBHOOK_URL=https://memory.example/webhook\n");
    std::filesystem::create_directory(files.path("credentials"));
    files.write("credentials/webhook_secret", "hush\n");
    const loaded got = load_from({}, {}, file);
    CHECK(joined(got.problems) == "");
    CHECK(got.settings.webhook_secret == "hush");

    std::filesystem::create_directory(files.path("of systemd"));
    files.write("of systemd/webhook_secret", "the service's");
    CHECK(load_from({{"CREDENTIALS_DIRECTORY", files.path("of systemd")}}, {}, file)
              .settings.webhook_secret == "the service's");
}

TEST_CASE("credentials beside the settings file that others may put there do not count") {
    const scratch files;
    const std::string file = files.write("env", "");
    std::filesystem::create_directory(files.path("credentials"));
    files.write("credentials/webhook_secret", "hush\n");
    std::filesystem::permissions(files.path("credentials"), std::filesystem::perms(0770));
    CHECK(load_from({}, {}, file).settings.webhook_secret.empty());
    std::filesystem::rename(files.path("credentials"), files.path("elsewhere"));
    std::filesystem::permissions(files.path("elsewhere"), std::filesystem::perms(0700));
    std::filesystem::create_directory_symlink(files.path("elsewhere"), files.path("credentials"));
    CHECK(load_from({}, {}, file).settings.webhook_secret.empty());
}

TEST_CASE("a secret that everyone can read is a warning, in its own file and in the settings'") {
    const scratch files;
    const std::string open = files.write("open", "hush", 0644);
    CHECK(load_from({{"MEMORYPRO_WEBHOOK_SECRET_FILE", open}}).warnings ==
          problems{
              "MEMORYPRO_WEBHOOK_SECRET_FILE (environment): others can read the file (mode 0644)"});
    CHECK(load_from({{"MEMORYPRO_WEBHOOK_SECRET_FILE", files.write("group", "hush", 0640)}})
              .warnings.empty());

    const std::string env = files.write("env", "MEMORYPRO_WEBHOOK_SECRET=hush\n", 0604);
    CHECK(load_from({}, {}, env).warnings == problems{"MEMORYPRO_WEBHOOK_SECRET (" + env +
                                                      ":1): others can read the file (mode 0604)"});
    CHECK(load_from({}, {}, files.write("plain", "MEMORYPRO_TIMEOUT=5\n", 0644)).warnings.empty());
}

TEST_CASE("no text ever has a secret in it, however wrongly it was given") {
    const scratch files;
    const std::string env = files.write("env",
                                        "MEMORYPRO_API_KEY hush\n"
                                        "MEMORYPRO_API_SECRET=\"hush\n"
                                        "MEMORYPRO_WEBHOOK_SECRET_FILE=hush/absent\n"
                                        "MEMORYPRO_WEBHOOK_SECRETT=hush\n"
                                        "MEMORYPRO_API_URL=https://ada:hush@host\n",
                                        0644);
    files.write("webhook_secret_previous", "hush\nhush", 0644);
    const loaded got = load_from({{"MEMORYPRO_API_KEY", "hush\r\nhush"},
                                  {"MEMORYPRO_API_KEYS", "hush"},
                                  {"MEMORYPRO_API_SECRET", " hush"},
                                  {"CREDENTIALS_DIRECTORY", files.path("")}},
                                 {}, env);
    CHECK(got.problems.size() == 8);
    CHECK(got.warnings.size() >= 2);
    CHECK(joined(got.problems).find("hush") == std::string::npos);
    CHECK(joined(got.warnings).find("hush") == std::string::npos);
    CHECK(effective_text(got.settings).find("hush") == std::string::npos);
}

}  // namespace
}  // namespace memorypro::config
