#include "memory/route.hpp"

#include <algorithm>

namespace memorypro::memory {

std::optional<store::outbound> outbound_of(config::mode mode) {
    switch (mode) {
        case config::mode::local:
            break;
        case config::mode::cloud_first:
            return store::outbound{.call = store::cloud_call::store};
        case config::mode::hybrid:
            return store::outbound{.call = store::cloud_call::sync};
    }
    return std::nullopt;
}

bool worth_waiting(const cloud::health& health, bool local_fallback) {
    if (!local_fallback) return true;
    return health.circuit == cloud::circuit::state::closed &&
           health.state != cloud::state::auth_failed;
}

cloud::judgement held_back(const cloud::health& health) {
    return {.what = health.state == cloud::state::auth_failed ? cloud::verdict::paused
                                                              : cloud::verdict::retry,
            .detail = health.last_error,
            .attempted = false};
}

remedy remedy_of_store(cloud::verdict verdict, bool local_fallback) {
    if (verdict == cloud::verdict::refused) return remedy::refuse;
    return local_fallback ? remedy::fall_back : remedy::give_up;
}

// A cloud that refuses a question did not answer it either: what is here does.
remedy remedy_of_recall(cloud::verdict verdict, bool local_fallback) {
    return local_fallback ? remedy::fall_back : remedy_of_store(verdict, false);
}

error refused_by_cloud(const cloud::judgement& why) {
    return {errc::refused, "the cloud refused it: " + why.detail};
}

error cloud_is_away(const cloud::judgement& why,
                    std::optional<cloud::circuit::time_point> callable_at,
                    cloud::circuit::time_point now) {
    error away{errc::unavailable, "the cloud is away and MEMORYPRO_LOCAL_FALLBACK is off"};
    if (!why.detail.empty()) away.detail += ": " + why.detail;
    if (why.unknown_outcome) away.detail += "; it may have done what it was asked";
    std::chrono::seconds wait(1);
    if (why.retry_after) wait = std::max(wait, *why.retry_after);
    if (callable_at)
        wait = std::max(wait, std::chrono::ceil<std::chrono::seconds>(*callable_at - now));
    away.retry_after = wait;
    return away;
}

}  // namespace memorypro::memory
