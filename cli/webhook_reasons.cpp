#include "cli/webhook_reasons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

#include "base/signing_key.hpp"

namespace memorypro::cli {

namespace {

using webhook::signature_headers;
using secrets_view = std::span<const std::string>;

constexpr const char* memorypro_header = "X-MemoryPro-Signature";
constexpr const char* standard_header = "webhook-signature";

std::string with_line_feeds(std::string_view text) {
    std::string out(text);
    std::erase(out, '\r');
    return out;
}

// Which change of the body on its way would explain it; empty: none of the usual ones.
std::string explained_by_the_body(const signature_headers& headers, std::string_view body,
                                  secrets_view secrets, timestamp now) {
    struct change {
        std::string body;
        const char* words;
    };
    std::string_view shorter = body;
    if (shorter.ends_with('\n')) shorter.remove_suffix(1);
    if (shorter.ends_with('\r')) shorter.remove_suffix(1);
    const change changes[] = {
        {std::string(shorter), "without its line end"},
        {std::string(body) + '\n', "with a line end after it"},
        {with_line_feeds(body), "with line feeds in place of CR LF"},
    };
    for (const auto& [changed, words] : changes) {
        if (changed != body && webhook::verify(headers, changed, secrets, now))
            return fmt::format("is right for the body {}: this is not the body as it was signed",
                               words);
    }
    return {};
}

std::string other_body_or_secret(const signature_headers& headers, std::string_view body,
                                 secrets_view secrets, timestamp now) {
    auto told = explained_by_the_body(headers, body, secrets, now);
    if (!told.empty()) return told;
    return fmt::format("is well formed, but not of this body ({} bytes) under {}", body.size(),
                       secrets.size() == 1 ? "this secret" : "one of these secrets");
}

bool is_hex_digest(std::string_view text) {
    constexpr std::string_view prefix = "sha256=";
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string against_memorypro(const signature_headers& headers, std::string_view body,
                              secrets_view secrets, timestamp now) {
    signature_headers alone;
    alone.memorypro_signature = headers.memorypro_signature;
    if (!is_hex_digest(alone.memorypro_signature))
        return "must be sha256= and 64 hexadecimal digits";
    std::vector<std::string> decoded;
    for (const auto& secret : secrets)
        decoded.push_back(signing_key(secret).value_or(""));
    if (webhook::verify(alone, body, decoded, now))
        return "is right under the key that whsec_ holds: this header's key is the secret as it is "
               "written";
    return other_body_or_secret(alone, body, secrets, now);
}

std::optional<timestamp> time_of(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr std::int64_t year_9999 = 253'402'300'799;
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (seconds < 0 || seconds > year_9999) return std::nullopt;
    return timestamp(std::chrono::seconds(seconds));
}

void add_staleness(std::vector<field_error>& reasons, timestamp sent, timestamp now) {
    const auto age = std::chrono::floor<std::chrono::seconds>(now - sent);
    if (std::abs(age.count()) <= webhook::timestamp_tolerance.count()) return;
    reasons.push_back(
        {"webhook-timestamp", fmt::format("is {} s {}; {} s are allowed", std::abs(age.count()),
                                          age.count() > 0 ? "old" : "in the future",
                                          webhook::timestamp_tolerance.count())});
}

void add_against_standard(std::vector<field_error>& reasons, const signature_headers& headers,
                          std::string_view body, secrets_view secrets, timestamp now) {
    const auto missing = [&](const char* name, std::string_view value) {
        if (value.empty()) reasons.push_back({name, "is missing"});
        return value.empty();
    };
    const bool no_id = missing("webhook-id", headers.webhook_id);
    const bool no_time = missing("webhook-timestamp", headers.webhook_timestamp);
    if (missing(standard_header, headers.webhook_signature) || no_id || no_time) return;

    const auto sent = time_of(headers.webhook_timestamp);
    if (!sent) {
        reasons.push_back({"webhook-timestamp", "must be a number of seconds since 1970"});
        return;
    }
    add_staleness(reasons, *sent, now);
    auto alone = headers;
    alone.memorypro_signature = {};
    if (webhook::verify(alone, body, secrets, *sent)) return;
    if (alone.webhook_signature.find("v1,") == std::string_view::npos)
        reasons.push_back({standard_header, "must hold a signature that begins with v1,"});
    else
        reasons.push_back({standard_header, other_body_or_secret(alone, body, secrets, *sent)});
}

}  // namespace

std::vector<field_error> reasons_against(const signature_headers& headers, std::string_view body,
                                         secrets_view secrets, timestamp now) {
    std::vector<field_error> reasons;
    const bool standard = !headers.webhook_id.empty() || !headers.webhook_timestamp.empty() ||
                          !headers.webhook_signature.empty();
    if (!headers.memorypro_signature.empty())
        reasons.push_back({memorypro_header, against_memorypro(headers, body, secrets, now)});
    if (standard) add_against_standard(reasons, headers, body, secrets, now);
    if (reasons.empty())
        reasons.push_back({memorypro_header, "is missing, and so is webhook-signature"});
    return reasons;
}

}  // namespace memorypro::cli
