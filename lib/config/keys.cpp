#include "config/keys.hpp"

#include "config/members.hpp"

namespace memorypro::config {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t pebibyte = std::uint64_t{1} << 50;  // far below what SQLite counts to

std::vector<key> make_keys() {
    using s = settings;
    constexpr auto cloud = "Cloud", push = "Push and polling", behaviour = "Behaviour",
                   host = "Host", limits = "Limits", watching = "Logs and metrics";
    return {
        {"MEMORYPRO_API_URL", cloud, "Base URL of the cloud; plain http only for a loopback host.",
         at::restart, base_url(&s::api_url)},
        {"MEMORYPRO_API_KEY", cloud,
         "Key of the cloud account; without key and secret: local mode.", at::reload,
         secret(&s::api_key), "api_key"},
        {"MEMORYPRO_API_SECRET", cloud, "Secret of the cloud account, beside the key.", at::reload,
         secret(&s::api_secret), "api_secret"},
        {"MEMORYPRO_TIMEOUT", cloud, "Seconds that one call of the cloud may take, 1 to 3600.",
         at::reload, seconds(&s::timeout, 1, 3600)},
        {"MEMORYPRO_MAX_RETRIES", cloud, "Retries of a call that somebody waits for, 0 to 100.",
         at::reload, number(&s::max_retries, 0, 100)},
        {"MEMORYPRO_CA_FILE", cloud, "Certificates (PEM) to trust instead of the system's.",
         at::restart, path(&s::ca_file)},

        {"MEMORYPRO_ENABLE_PUSH", push, "Receive webhooks; also needs MEMORYPRO_WEBHOOK_SECRET.",
         at::restart, boolean(&s::enable_push)},
        {"MEMORYPRO_WEBHOOK_URL", push, "Public URL of the receiver, registered with the cloud.",
         at::reload, url(&s::webhook_url)},
        {"MEMORYPRO_WEBHOOK_SECRET", push, "Secret that signs webhooks.", at::reload,
         secret(&s::webhook_secret), "webhook_secret"},
        {"MEMORYPRO_WEBHOOK_SECRET_PREVIOUS", push,
         "Former secret, also accepted while it is rotated.", at::reload,
         secret(&s::webhook_secret_previous), "webhook_secret_previous"},
        {"MEMORYPRO_WEBHOOK_LISTEN", push, "Where the receiver listens: address:port, [v6]:port.",
         at::restart, endpoint_text(&s::webhook_listen)},
        {"MEMORYPRO_WEBHOOK_TLS_CERT", push,
         "Certificate chain (PEM) of the receiver; unset: no TLS.", at::restart,
         path(&s::webhook_tls_cert)},
        {"MEMORYPRO_WEBHOOK_TLS_KEY", push, "Private key (PEM) of the receiver's certificate.",
         at::restart, path(&s::webhook_tls_key)},
        {"MEMORYPRO_ENABLE_POLLING", push, "Poll the cloud for insights.", at::reload,
         boolean(&s::enable_polling)},
        {"MEMORYPRO_POLL_INTERVAL", push, "Seconds between two polls, 1 to 86400.", at::reload,
         seconds(&s::poll_interval, 1, 86400)},

        {"MEMORYPRO_CLOUD_FIRST", behaviour,
         "With an account, true: the cloud answers; false: stored here, then synced.", at::reload,
         boolean(&s::cloud_first)},
        {"MEMORYPRO_LOCAL_FALLBACK", behaviour,
         "Cloud away, true: store and recall here, sync later; false: refuse both with 503.",
         at::reload, boolean(&s::local_fallback)},
        {"MEMORYPRO_EVOLUTION", behaviour, "Apply evolution updates.", at::reload,
         boolean(&s::evolution)},
        {"MEMORYPRO_LIFECYCLE", behaviour, "Apply lifecycle recommendations.", at::reload,
         boolean(&s::lifecycle)},
        {"MEMORYPRO_AI_ANALYSIS", behaviour, "Keep the analysis that the cloud sends.", at::reload,
         boolean(&s::ai_analysis)},

        {"MEMORYPRO_SOCKET", host,
         "Unix socket; in $RUNTIME_DIRECTORY, $XDG_RUNTIME_DIR or /run/memorypro.", at::restart,
         path(&s::socket), "", "/run/memorypro/memorypro.sock"},
        {"MEMORYPRO_SOCKET_MODE", host, "File mode of the socket, octal: who may connect.",
         at::restart, file_mode(&s::socket_mode)},
        {"MEMORYPRO_DATA_DIR", host,
         "Database; $STATE_DIRECTORY, $XDG_STATE_HOME/memorypro or ~/.local/state/memorypro.",
         at::restart, path(&s::data_dir), "", "/var/lib/memorypro"},
        {"MEMORYPRO_DURABILITY", host,
         "full: survives power loss; normal: kill -9, but power loss may cost the last moments.",
         at::restart,
         choice(&s::durability, {{"full", durability::full}, {"normal", durability::normal}})},

        {"MEMORYPRO_MAX_CONTENT_BYTES", limits, "Largest content of one memory, 1 to 64M.",
         at::restart, size(&s::max_content_bytes, 1, 64 * mebibyte)},
        {"MEMORYPRO_QUEUE_MAX_BYTES", limits,
         "Bytes that may wait for the cloud (K, M, G understood); a full queue answers 507.",
         at::reload, size(&s::queue_max_bytes, 1, pebibyte)},
        {"MEMORYPRO_CACHE_MAX_BYTES", limits,
         "Bytes of synced memories kept for recall without the cloud; 0: none.", at::reload,
         size(&s::cache_max_bytes, 0, pebibyte)},
        {"MEMORYPRO_SYNC_CONCURRENCY", limits, "Memories sent to the cloud at a time, 1 to 256.",
         at::restart, number(&s::sync_concurrency, 1, 256)},

        {"MEMORYPRO_LOG_LEVEL", watching,
         "Least that is logged: trace, debug, info, warning or error.", at::reload,
         choice(&s::log_level, {{"trace", log_level::trace},
                                {"debug", log_level::debug},
                                {"info", log_level::info},
                                {"warning", log_level::warning},
                                {"error", log_level::error}})},
        {"MEMORYPRO_LOG_FORMAT", watching,
         "Form of the log on stderr: text or json, a line an event.", at::restart,
         choice(&s::log_format, {{"text", log_format::text}, {"json", log_format::json}})},
        {"MEMORYPRO_METRICS_LISTEN", watching,
         "TCP address:port that serves only the probes and /metrics, or off.", at::restart,
         endpoint_text_or_off(&s::metrics_listen)},
    };
}

}  // namespace

const std::vector<key>& keys() {
    static const std::vector<key> table = make_keys();
    return table;
}

}  // namespace memorypro::config
