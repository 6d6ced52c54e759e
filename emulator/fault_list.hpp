// The faults that are asked for, and which of them meets a request: the first that fits. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "emulator/fault.hpp"

namespace memorypro::emulator {

class fault_list {
public:
    explicit fault_list(std::vector<fault> faults = {}) : faults_(std::move(faults)) {}

    void replace(std::vector<fault>);
    const std::vector<fault>& all() const { return faults_; }

    // Another number after each replace(): what a fault was waiting for is over.
    std::uint64_t generation() const { return generation_; }

    // For a call such as "memory/store" whose head has come: only what needs no body.
    std::optional<fault> meet_head(std::string_view call);

    // And when its body has.
    std::optional<fault> meet(std::string_view call, std::string_view body);

private:
    std::optional<fault> take(std::vector<fault>::iterator);

    std::vector<fault> faults_;
    std::uint64_t generation_ = 0;
};

}  // namespace memorypro::emulator
