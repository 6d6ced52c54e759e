#include "cloud/gate.hpp"

#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"

namespace memorypro::cloud {
namespace {

circuit::time_point steady_now() {
    return std::chrono::steady_clock::now();
}

std::string_view to_string(state s) {
    switch (s) {
        case state::online:
            return "online";
        case state::offline:
            return "offline";
        case state::auth_failed:
            break;
    }
    return "auth_failed";
}

void log_change(state s, std::string_view reason) {
    switch (s) {
        case state::online:
            return spdlog::info("the cloud is online: {}", reason);
        case state::offline:
            return spdlog::warn("the cloud is offline: {}", reason);
        case state::auth_failed:
            return spdlog::warn("the cloud refuses the credentials: {}", reason);
    }
}

}  // namespace

gate::gate(events::hub& events, bell& news, const clock& wall, jitter_source jitter)
    : events_(events), news_(news), clock_(wall), jitter_(std::move(jitter)) {}

std::optional<circuit::pass> gate::admit(circuit::caller who) {
    const auto pass = circuit_.admit(who, steady_now());
    ring_if_changed();
    return pass;
}

void gate::report(circuit::pass pass, const judgement& made, bool ran_into_deadline) {
    has_answered_ |= made.what == verdict::done || made.what == verdict::refused;
    if (made.what == verdict::done) {
        last_success_ = clock_.now();
        last_error_.clear();
    } else {
        last_error_ = made.detail;
    }
    circuit_.report(pass, made, ran_into_deadline, steady_now(), jitter_());
    ring_if_changed();
    // Nothing but a report changes it.
    const auto now = state_now();
    if (now != announced_) announce(now, now == state::online ? "it answers" : made.detail);
}

void gate::abandon(circuit::pass pass) {
    circuit_.abandon(pass);
    ring_if_changed();
}

void gate::probe_now() {
    circuit_.probe_now();
    ring_if_changed();
}

bool gate::would_admit(circuit::caller who) const {
    return circuit_.would_admit(who, steady_now());
}

cloud::health gate::health() const {
    return {state_now(), circuit_.current(), last_success_, last_error_};
}

cloud::state gate::state_now() const {
    if (circuit_.paused()) return state::auth_failed;
    // One that was never there is not online until the circuit opens.
    const bool hopeful = has_answered_ || last_error_.empty();
    return closed() && hopeful ? state::online : state::offline;
}

void gate::ring_if_changed() {
    const seen now{circuit_.current(), circuit_.paused(), circuit_.probe_at()};
    if (now == told_) return;
    told_ = now;
    news_.ring();
}

void gate::announce(cloud::state state, std::string_view reason) {
    announced_ = state;
    log_change(state, reason);
    std::string data = "{\"state\":\"";
    data.append(to_string(state)).append("\",\"reason\":");
    append_json(data, reason);
    data += '}';
    events_.publish(state == state::online ? "cloud.online" : "cloud.offline", std::move(data));
}

}  // namespace memorypro::cloud
