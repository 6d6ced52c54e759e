#include "api/handlers.hpp"
#include "base/sha256.hpp"
#include "http/idempotency_key.hpp"
#include "store/names.hpp"

namespace memorypro::api {
namespace {

result<std::optional<store::idempotency>> read_key(const http::exchange& x) {
    auto key = http::idempotency_key(x);
    if (!key) return key.error();
    if (key->empty()) return std::nullopt;
    return store::idempotency{.key = std::move(*key), .body_digest = sha256_hex(x.body)};
}

http::reply accepted_reply(unsigned status, const store::accepted& done) {
    std::string body = "{\"status\":\"success\",\"memory_id\":";
    append_json(body, std::string_view(done.id));
    body += ",\"sync_state\":\"";
    body += store::to_string(done.sync_state);
    auto answer = json_reply(status, body += "\"}");
    if (done.replayed) answer.headers.emplace_back("Idempotency-Replayed", "true");
    return answer;
}

result<memory::given_memory> read_memory(const resources& r, const http::exchange& x,
                                         memory::body_of kind) {
    const auto body = parse_object(x.body);
    if (!body) return body.error();
    return memory::parse_memory(*body, kind, r.settings.max_content_bytes);
}

}  // namespace

awaitable<answer> store_memory(resources& r, http::exchange& x) {
    auto key = read_key(x);
    if (!key) co_return key.error();
    auto given = read_memory(r, x, memory::body_of::store);
    if (!given) co_return given.error();
    const auto done = co_await r.memories.store(std::move(*given), std::move(*key));
    if (!done) co_return done.error();
    co_return accepted_reply(201, *done);
}

awaitable<answer> sync_memory(resources& r, http::exchange& x) {
    auto given = read_memory(r, x, memory::body_of::sync);
    if (!given) co_return given.error();
    const auto done = co_await r.memories.sync(std::move(*given));
    if (!done) co_return done.error();
    co_return accepted_reply(200, *done);
}

}  // namespace memorypro::api
