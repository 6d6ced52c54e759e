// The headers of a webhook: what verifies was signed by who knows a secret, what was signed
// verifies, and nothing near it does.
#include <fuzzer/FuzzedDataProvider.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <string>

#include "fuzz/require.hpp"
#include "webhook/signature.hpp"
#include "webhook/verify.hpp"

namespace memorypro::webhook {
namespace {

using fuzz::require;
using secrets = std::array<std::string, 2>;

constexpr timestamp now{std::chrono::seconds(1'736'337'296)};
constexpr std::string_view fresh = "1736337296";

// Of "v1,<base64>": the last character before the padding also holds bits that mean nothing.
constexpr std::size_t vouched_begin = 3, vouched_end = 45;

// The reference: written apart from what is tested, by way of the other encodings.
std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::string hmac(std::string_view key, std::string_view text) {
    std::string digest(32, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
}

std::string standard_signature(std::string_view key, std::string_view id, std::string_view time,
                               std::string_view body) {
    return "v1," +
           base64(hmac(key, std::string(id) + '.' + std::string(time) + '.' + std::string(body)));
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

std::string hex(std::string_view bytes) {
    std::string text(2 * bytes.size() + 1, '\0');
    std::size_t length = 0;
    OPENSSL_buf2hexstr_ex(text.data(), text.size(), &length,
                          reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), '\0');
    text.resize(2 * bytes.size());
    return lower(std::move(text));
}

bool verifies(const signature_headers& headers, std::string_view body, const secrets& known) {
    return verify(headers, body, known, now).has_value();
}

// Headers as they come. The secrets that hold an encoded key are for the round trip.
void what_verifies_was_signed(const signature_headers& headers, std::string_view body,
                              const secrets& known) {
    const auto right = verify(headers, body, known, now);
    if (!right) return;
    auto given = lower(std::string(headers.memorypro_signature));
    if (given.starts_with("sha256=")) given.erase(0, 7);
    const auto signed_by = [&](const std::string& secret) {
        if (secret.empty()) return false;
        if (right == scheme::memorypro) return hex(hmac(secret, body)) == given;
        const auto made =
            standard_signature(secret, headers.webhook_id, headers.webhook_timestamp, body);
        return secret.starts_with("whsec_") || headers.webhook_signature.find(made.substr(
                                                   0, vouched_end)) != std::string_view::npos;
    };
    require(std::ranges::any_of(known, signed_by), "a signature verifies that nobody made");
}

// RFC 2104 fills a key up with zeros, so one of nothing else is the empty one. Of encoded keys all
// that begin with a zero are left out.
bool may_be_zeros(std::string_view secret) {
    return secret.starts_with("whsec_A") ||
           (!secret.empty() && secret.find_first_not_of('\0') == std::string_view::npos);
}

// Anybody can sign with no secret at all.
void an_empty_key_signs_nothing(std::string_view body, const secrets& known) {
    if (std::ranges::any_of(known, may_be_zeros)) return;
    const auto plain = sign("", body);
    require(!verifies({.memorypro_signature = plain,
                       .webhook_id = {},
                       .webhook_timestamp = {},
                       .webhook_signature = {}},
                      body, known),
            "the empty key has signed");
    const auto standard = standard_signature("", "id", fresh, body);
    require(!verifies({.memorypro_signature = {},
                       .webhook_id = "id",
                       .webhook_timestamp = fresh,
                       .webhook_signature = standard},
                      body, known),
            "the empty key has signed by Standard Webhooks");
}

void plain_round_trip(std::string body, const secrets& known, std::size_t at) {
    for (const auto& secret : known) {
        if (secret.empty()) continue;
        auto signature = sign(secret, body);
        const auto passes = [&] {
            return verifies({.memorypro_signature = signature,
                             .webhook_id = {},
                             .webhook_timestamp = {},
                             .webhook_signature = {}},
                            body, known);
        };
        require(passes(), "what was signed does not verify");
        signature[at % signature.size()] ^= 1;
        require(!passes(), "a changed signature verifies");
        signature[at % signature.size()] ^= 1;
        if (body.empty()) continue;
        body[at % body.size()] ^= 1;
        require(!passes(), "a changed body verifies");
        body[at % body.size()] ^= 1;
    }
}

void standard_round_trip(std::string id, std::string body, const std::string& key,
                         std::string others, std::size_t at) {
    if (key.empty() || id.empty()) return;
    const secrets known{"whsec_" + base64(key), ""};
    auto signature = standard_signature(key, id, fresh, body);
    std::ranges::replace(others, ' ', '_');
    if (others.starts_with(signature.substr(0, vouched_end))) others.clear();
    const auto passes = [&] {
        const auto list = others + ' ' + signature;
        return verify({.memorypro_signature = {},
                       .webhook_id = id,
                       .webhook_timestamp = fresh,
                       .webhook_signature = list},
                      body, known, now) == scheme::standard;
    };
    require(passes(), "what was signed by Standard Webhooks does not verify");
    const auto place = vouched_begin + at % (vouched_end - vouched_begin);
    signature[place] ^= 1;
    require(!passes(), "a changed Standard Webhooks signature verifies");
    signature[place] ^= 1;
    for (auto* vouched_for : {&id, &body}) {
        if (vouched_for->empty()) continue;
        (*vouched_for)[at % vouched_for->size()] ^= 1;
        require(!passes(), "a changed delivery verifies");
        (*vouched_for)[at % vouched_for->size()] ^= 1;
    }
}

}  // namespace
}  // namespace memorypro::webhook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace memorypro::webhook;
    FuzzedDataProvider input(data, size);
    const auto at = input.ConsumeIntegral<std::uint16_t>();
    const auto field = [&input] { return input.ConsumeRandomLengthString(200); };
    const secrets known{field(), field()};
    const auto plain = field();
    const auto id = field();
    const auto time = field();
    const auto standard = field();
    const auto body = input.ConsumeRemainingBytesAsString();

    what_verifies_was_signed({.memorypro_signature = plain,
                              .webhook_id = id,
                              .webhook_timestamp = time,
                              .webhook_signature = standard},
                             body, known);
    an_empty_key_signs_nothing(body, known);
    plain_round_trip(body, known, at);
    standard_round_trip(id, body, known[0], standard, at);
    return 0;
}
