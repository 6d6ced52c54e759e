// Lets calls out to the cloud, learns from what became of them, and tells those who want to know.
//
// Used on the event loop.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bell.hpp"
#include "base/time.hpp"
#include "cloud/circuit.hpp"
#include "cloud/health.hpp"
#include "events/hub.hpp"

namespace memorypro::cloud {

class gate {
public:
    using jitter_source = std::function<double()>;  // 0 to 1

    // Rings `news` whenever the circuit's state or the time of its next probe changes. At each
    // change of cloud::state it logs a line and publishes cloud.online or cloud.offline:
    // {"state":"online"|"offline"|"auth_failed","reason":"…"}.
    gate(events::hub&, bell& news, const clock&, jitter_source);

    std::optional<circuit::pass> admit(circuit::caller);
    void report(circuit::pass, const judgement&, bool ran_into_deadline);
    void abandon(circuit::pass);
    void probe_now();

    bool closed() const { return circuit_.current() == circuit::state::closed; }
    bool would_admit(circuit::caller) const;
    std::optional<circuit::time_point> probe_at() const { return circuit_.probe_at(); }
    cloud::health health() const;

private:
    struct seen {
        circuit::state circuit = circuit::state::closed;
        bool paused = false;
        std::optional<circuit::time_point> probe_at;
        bool operator==(const seen&) const = default;
    };

    cloud::state state_now() const;
    void ring_if_changed();
    void announce(cloud::state, std::string_view reason);

    events::hub& events_;
    bell& news_;
    const clock& clock_;
    jitter_source jitter_;
    circuit circuit_;
    seen told_;
    cloud::state announced_ = state::online;
    bool has_answered_ = false;  // since the start
    std::optional<timestamp> last_success_;
    std::string last_error_;
};

}  // namespace memorypro::cloud
