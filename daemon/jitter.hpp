// The randomness that is passed to what backs off.
#pragma once

#include <functional>
#include <random>

namespace memorypro::daemon {

// Uniform from 0 to 1.
inline std::function<double()> uniform_jitter() {
    return [engine = std::minstd_rand(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<double>(0, 1)(engine);
    };
}

}  // namespace memorypro::daemon
