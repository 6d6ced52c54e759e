#include "webhook/verify.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/signing_key.hpp"

namespace memorypro::webhook {
namespace {

using digest = std::array<unsigned char, 32>;

constexpr std::size_t most_signatures = 16;  // of one delivery; more is not a rotation

bool equal(const digest& a, const digest& b) {
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<unsigned char> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned char>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned char>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned char>(c - 'A' + 10);
    return std::nullopt;
}

// Of X-MemoryPro-Signature.
std::optional<digest> hex_signature(std::string_view header) {
    constexpr std::string_view prefix = "sha256=";
    if (header.starts_with(prefix)) header.remove_prefix(prefix.size());
    digest out{};
    if (header.size() != 2 * out.size()) return std::nullopt;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto high = hex_digit(header[2 * i]);
        const auto low = hex_digit(header[2 * i + 1]);
        if (!high || !low) return std::nullopt;
        out[i] = static_cast<unsigned char>(*high << 4 | *low);
    }
    return out;
}

bool is_fresh(std::string_view text, timestamp now) {
    std::int64_t seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failure != std::errc() || end != text.data() + text.size()) return false;
    const auto current =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    // Compared without a difference, which could overflow.
    return seconds >= current - timestamp_tolerance.count() &&
           seconds <= current + timestamp_tolerance.count();
}

// Those of a Standard Webhooks delivery that could be right, whatever the secret.
std::vector<digest> standard_signatures(const signature_headers& headers, timestamp now) {
    constexpr std::string_view version = "v1,";
    std::vector<digest> all;
    if (headers.webhook_id.empty() || !is_fresh(headers.webhook_timestamp, now)) return all;
    auto rest = headers.webhook_signature;
    for (std::size_t i = 0; i < most_signatures && !rest.empty(); ++i) {
        const auto one = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(one.size() + 1, rest.size()));
        if (!one.starts_with(version)) continue;
        const auto given = from_base64(one.substr(version.size()));
        digest as_digest{};
        if (!given || given->size() != as_digest.size()) continue;
        std::ranges::copy(*given, as_digest.begin());
        all.push_back(as_digest);
    }
    return all;
}

bool standard_is_right(const std::vector<digest>& given, const signature_headers& headers,
                       std::string_view body, std::string_view secret) {
    const auto key = signing_key(secret);
    if (!key) return false;
    const auto right =
        hmac_sha256(*key, {headers.webhook_id, ".", headers.webhook_timestamp, ".", body});
    return std::ranges::any_of(given, [&](const digest& one) { return equal(one, right); });
}

}  // namespace

// What is not well-formed costs no HMAC.
std::optional<scheme> verify(const signature_headers& headers, std::string_view body,
                             std::span<const std::string> secrets, timestamp now) {
    const auto hex = hex_signature(headers.memorypro_signature);
    const auto standard = standard_signatures(headers, now);
    std::optional<scheme> right;
    for (const auto& secret : secrets) {
        if (secret.empty()) continue;
        if (!standard.empty() && standard_is_right(standard, headers, body, secret))
            return scheme::standard;
        if (hex && equal(*hex, hmac_sha256(secret, {body}))) right = scheme::memorypro;
    }
    return right;
}

}  // namespace memorypro::webhook
