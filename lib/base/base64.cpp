#include "base/base64.hpp"

#include <openssl/evp.h>

namespace memorypro {

std::string to_base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with a NUL
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    constexpr std::size_t longest = 4096;
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (text.ends_with('='))
        text.remove_suffix(1);
    const bool whole = text.size() % 4 != 1 && text.size() <= longest &&
                       text.find_first_not_of(alphabet) == std::string_view::npos;
    if (!whole) return std::nullopt;
    std::string padded(text);
    padded.resize((text.size() + 3) / 4 * 4, '=');
    std::string out(padded.size() / 4 * 3, '\0');
    const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                        reinterpret_cast<const unsigned char*>(padded.data()),
                                        static_cast<int>(padded.size()));
    if (decoded < 0) return std::nullopt;
    out.resize(text.size() * 3 / 4);  // EVP_DecodeBlock counts the padding as zeros
    return out;
}

}  // namespace memorypro
