#include "webhook/verify.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/hmac.hpp"

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

std::optional<digest> from_hex(std::string_view text) {
    digest out{};
    if (text.size() != 2 * out.size()) return std::nullopt;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto high = hex_digit(text[2 * i]);
        const auto low = hex_digit(text[2 * i + 1]);
        if (!high || !low) return std::nullopt;
        out[i] = static_cast<unsigned char>(*high << 4 | *low);
    }
    return out;
}

// RFC 4648, padded or not.
std::optional<std::string> from_base64(std::string_view text) {
    constexpr std::size_t longest = 4096;
    std::string padded(text);
    while (padded.ends_with('='))
        padded.pop_back();
    const std::size_t bytes = padded.size() * 3 / 4;
    const bool whole = padded.size() % 4 != 1 && padded.size() <= longest &&
                       padded.find_first_not_of(
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                           "0123456789+/") == std::string::npos;
    if (!whole) return std::nullopt;
    padded.resize((padded.size() + 3) / 4 * 4, '=');
    std::string out(padded.size() / 4 * 3, '\0');
    const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                        reinterpret_cast<const unsigned char*>(padded.data()),
                                        static_cast<int>(padded.size()));
    if (decoded < 0) return std::nullopt;
    out.resize(bytes);  // EVP_DecodeBlock counts the padding as zeros
    return out;
}

bool memorypro_signature_is_right(std::string_view header, std::string_view body,
                                  std::string_view secret) {
    constexpr std::string_view prefix = "sha256=";
    if (header.starts_with(prefix)) header.remove_prefix(prefix.size());
    const auto given = from_hex(header);
    return given && equal(*given, hmac_sha256(secret, {body}));
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

std::string standard_key(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (secret.starts_with(prefix))
        if (auto key = from_base64(secret.substr(prefix.size())); key && !key->empty())
            return std::move(*key);  // an empty key is one that everybody knows
    return std::string(secret);
}

bool standard_signature_is_right(const signature_headers& headers, std::string_view body,
                                 std::string_view secret) {
    constexpr std::string_view version = "v1,";
    const auto right = hmac_sha256(standard_key(secret),
                                   {headers.webhook_id, ".", headers.webhook_timestamp, ".", body});
    auto rest = headers.webhook_signature;
    for (std::size_t i = 0; i < most_signatures && !rest.empty(); ++i) {
        const auto one = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(one.size() + 1, rest.size()));
        if (!one.starts_with(version)) continue;
        const auto given = from_base64(one.substr(version.size()));
        if (given && given->size() == right.size() &&
            CRYPTO_memcmp(given->data(), right.data(), right.size()) == 0)
            return true;
    }
    return false;
}

}  // namespace

std::optional<scheme> verify(const signature_headers& headers, std::string_view body,
                             std::span<const std::string> secrets, timestamp now) {
    const bool standard = !headers.webhook_id.empty() && !headers.webhook_signature.empty() &&
                          is_fresh(headers.webhook_timestamp, now);
    std::optional<scheme> right;
    for (const auto& secret : secrets) {
        if (secret.empty()) continue;
        if (standard && standard_signature_is_right(headers, body, secret)) return scheme::standard;
        if (!headers.memorypro_signature.empty() &&
            memorypro_signature_is_right(headers.memorypro_signature, body, secret))
            right = scheme::memorypro;
    }
    return right;
}

}  // namespace memorypro::webhook
