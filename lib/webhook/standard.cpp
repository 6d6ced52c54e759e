#include "webhook/standard.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <boost/algorithm/hex.hpp>
#include <iterator>
#include <optional>

#include "webhook/signature.hpp"

namespace memorypro::webhook {
namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64_encoded(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

// RFC 4648, padded or not.
std::optional<std::string> base64_decoded(std::string_view text) {
    std::string padded(text.substr(0, text.find_last_not_of('=') + 1));
    const auto bytes = padded.size() * 3 / 4;
    // EVP_DecodeBlock passes over white space around the text.
    const bool is_whole =
        padded.size() % 4 != 1 && padded.find_first_not_of(base64_alphabet) == padded.npos;
    if (!is_whole) return std::nullopt;
    padded.resize((padded.size() + 3) / 4 * 4, '=');
    std::string out(padded.size() / 4 * 3, '\0');
    const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                        reinterpret_cast<const unsigned char*>(padded.data()),
                                        static_cast<int>(padded.size()));
    if (decoded < 0) return std::nullopt;
    out.resize(bytes);  // EVP_DecodeBlock counts the padding as zeros
    return out;
}

}  // namespace

std::optional<std::string> signing_key(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (!secret.starts_with(prefix)) return std::string(secret);
    auto key = base64_decoded(secret.substr(prefix.size()));
    return key && !key->empty() ? std::move(key) : std::nullopt;
}

std::string sign_standard(std::string_view key, std::string_view id, std::string_view timestamp,
                          std::string_view body) {
    const auto hex = sign(key, fmt::format("{}.{}.{}", id, timestamp, body));
    std::string digest;
    boost::algorithm::unhex(hex, std::back_inserter(digest));
    return "v1," + base64_encoded(digest);
}

}  // namespace memorypro::webhook
