#include "cloud/https_transport.hpp"

#include <list>
#include <utility>

#include "cloud/call_scope.hpp"
#include "cloud/enlisted.hpp"
#include "cloud/pool.hpp"

namespace memorypro::cloud {
namespace {

// The port belongs to it unless it is the scheme's own.
std::string host_header(const config::url_parts& server) {
    std::string authority = authority_of(server);
    if (server.port == (server.tls ? 443 : 80)) authority.resize(authority.rfind(':'));
    return authority;
}

// Of a call that ended before it had a connection.
no_answer never_begun(const call_scope& scope) {
    auto failure = scope.failure(false);
    if (failure.why == no_answer::reason::deadline) failure.why = no_answer::reason::busy;
    return failure;
}

}  // namespace

// Shared with the calls in flight.
struct https_transport::state {
    state(executor l, const https_options& options)
        : loop(l),
          host(host_header(options.connect.server)),
          limits(options.limits),
          connections(loop, options.connect, buffer_needed(options.limits)),
          pool(std::make_shared<cloud::pool>(loop, options.connections, options.idle_time)) {}

    executor loop;
    std::string host;
    answer_limits limits;
    connector connections;  // outlives those in the pool
    std::shared_ptr<cloud::pool> pool;
    std::list<call_scope*> calls;
    bool stopped = false;

    static awaitable<outcome> call(std::shared_ptr<state>, request, deadline);
    awaitable<outcome> call_on(cloud::pool::lease&, const std::string& text, call_scope&);
};

awaitable<outcome> https_transport::state::call(std::shared_ptr<state> self, request what,
                                                deadline until) {
    call_scope scope(self->loop, until);
    const enlisted in_flight(self->calls, scope);
    if (self->stopped) scope.stop();
    if (scope.ended()) co_return never_begun(scope);

    const auto text = request_text(what, self->host);
    what = {};
    auto place = co_await self->pool->acquire(scope);
    if (!place || scope.ended()) co_return never_begun(scope);
    co_return co_await self->call_on(*place, text, scope);
}

awaitable<outcome> https_transport::state::call_on(cloud::pool::lease& place,
                                                   const std::string& text, call_scope& scope) {
    const bool kept = place.connection != nullptr;
    if (kept) {
        auto done = co_await exchange_on(*place.connection, text, limits, scope);
        place.reusable = done.reusable;
        const bool dead = std::holds_alternative<no_answer>(done.outcome) && !done.heard;
        if (!dead || scope.ended()) co_return std::move(done.outcome);
    }
    auto made = co_await connections.connect(scope);
    if (!made) {
        auto failure = std::move(made).error();
        failure.sent = kept;
        co_return failure;
    }
    place.connection = std::move(*made);
    auto done = co_await exchange_on(*place.connection, text, limits, scope);
    place.reusable = done.reusable;
    co_return std::move(done.outcome);
}

https_transport::https_transport(executor loop, https_options options)
    : state_(std::make_shared<state>(std::move(loop), options)) {}

https_transport::~https_transport() {
    stop();
}

awaitable<outcome> https_transport::exchange(request what, deadline until) {
    return state::call(state_, std::move(what), until);
}

void https_transport::stop() {
    state_->stopped = true;
    for (call_scope* one : state_->calls)
        one->stop();
    state_->connections.stop();
    state_->pool->stop();
}

std::size_t https_transport::connections() const {
    return state_->pool->size();
}

}  // namespace memorypro::cloud
