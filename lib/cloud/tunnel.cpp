#include "cloud/tunnel.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace memorypro::cloud {
namespace {

namespace http = boost::beast::http;
using head_parser = http::response_parser<http::empty_body>;

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::string connect_text(const proxy& through, std::string_view authority) {
    const auto credentials =
        through.credentials.empty()
            ? ""
            : fmt::format("Proxy-Authorization: Basic {}\r\n", base64(through.credentials));
    return fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n{1}\r\n", authority, credentials);
}

awaitable<error_code> read_head(connection& from, head_parser& into) {
    into.skip(true);  // what follows the head is the tunnel
    error_code failure;
    while (!into.is_header_done()) {
        failure = co_await from.fill();
        if (failure) break;
        from.buffer().consume(into.put(from.buffer().data(), failure));
        if (failure && failure != http::error::need_more) break;
        failure = {};
    }
    co_return failure;
}

std::string refusal(unsigned status) {
    const auto words = http::obsolete_reason(http::int_to_status(status));
    return fmt::format("{} {}{}", status, std::string_view(words.data(), words.size()),
                       status == 407 ? " (user and password belong into the proxy's URL)" : "");
}

}  // namespace

awaitable<std::optional<std::string>> open_tunnel(connection& over, const proxy& through,
                                                  std::string_view authority) {
    const auto name = fmt::format("the proxy {}:{}", through.host, through.port);
    auto failure = co_await over.write(connect_text(through, authority));
    head_parser answer;
    if (!failure) failure = co_await read_head(over, answer);
    if (failure) co_return fmt::format("{} did not answer: {}", name, failure.message());

    const unsigned status = answer.get().result_int();
    if (status / 100 != 2) co_return fmt::format("{} refused: {}", name, refusal(status));
    if (over.buffer().size() != 0) co_return name + " sent more than its answer";
    co_return std::nullopt;
}

}  // namespace memorypro::cloud
