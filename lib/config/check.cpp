#include <fmt/format.h>
#include <sys/un.h>

#include "base/signing_key.hpp"
#include "config/files.hpp"
#include "config/load.hpp"

namespace memorypro::config {
namespace {

constexpr std::size_t largest_pem = std::size_t{1} << 22;
constexpr std::size_t longest_socket = sizeof(sockaddr_un::sun_path) - 1;  // unix(7)

void check_pem(draft& made, std::string_view name, const std::string& path, bool is_private) {
    if (path.empty()) return;
    const auto file = read_small_file(path, largest_pem);
    if (!file)
        made.problem(name, file.error().detail);
    else if (is_private && file->readable_by_all)
        made.warning(name, fmt::format("others can read the file (mode {:04o})", file->mode));
}

// Either may be given by a wrong value, which has been reported already.
void check_pair(draft& made, std::string_view one, std::string_view other) {
    if (made.given(one) && !made.given(other)) made.problem(one, fmt::format("needs {}", other));
    if (made.given(other) && !made.given(one)) made.problem(other, fmt::format("needs {}", one));
}

void check_account(draft& made) {
    constexpr std::string_view key = "MEMORYPRO_API_KEY", secret = "MEMORYPRO_API_SECRET";
    if (made.given(key) == made.given(secret)) return;
    const bool has_key = made.given(key);
    made.warning(has_key ? key : secret,
                 fmt::format("set without {}; the mode stays local", has_key ? secret : key));
}

// As Standard Webhooks gives them to both sides: "whsec_" and the key in base64.
void check_webhook_secret(draft& made, std::string_view name, std::string_view secret) {
    if (!signing_key(secret))
        made.problem(name, "begins with whsec_, but what follows is not a key in base64");
}

void check_push(draft& made) {
    check_webhook_secret(made, "MEMORYPRO_WEBHOOK_SECRET", made.settings.webhook_secret);
    check_webhook_secret(made, "MEMORYPRO_WEBHOOK_SECRET_PREVIOUS",
                         made.settings.webhook_secret_previous);
    const bool has_secret = made.given("MEMORYPRO_WEBHOOK_SECRET");
    if (made.settings.enable_push && made.given("MEMORYPRO_WEBHOOK_URL") && !has_secret)
        made.problem("MEMORYPRO_WEBHOOK_URL",
                     "needs MEMORYPRO_WEBHOOK_SECRET, or MEMORYPRO_ENABLE_PUSH=false");
    if (made.given("MEMORYPRO_WEBHOOK_SECRET_PREVIOUS") && !has_secret)
        made.warning("MEMORYPRO_WEBHOOK_SECRET_PREVIOUS",
                     "has no effect without MEMORYPRO_WEBHOOK_SECRET");
}

}  // namespace

void check_together(draft& made) {
    const settings& now = made.settings;
    check_account(made);
    check_push(made);
    check_pair(made, "MEMORYPRO_WEBHOOK_TLS_CERT", "MEMORYPRO_WEBHOOK_TLS_KEY");
    check_pem(made, "MEMORYPRO_CA_FILE", now.ca_file, false);
    check_pem(made, "MEMORYPRO_WEBHOOK_TLS_CERT", now.webhook_tls_cert, false);
    check_pem(made, "MEMORYPRO_WEBHOOK_TLS_KEY", now.webhook_tls_key, true);
    if (now.socket.size() > longest_socket)
        made.problem("MEMORYPRO_SOCKET",
                     fmt::format("is {} bytes long; a socket's path has at most {}",
                                 now.socket.size(), longest_socket));
}

}  // namespace memorypro::config
