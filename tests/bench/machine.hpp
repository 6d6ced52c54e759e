// Facts about the machine that a reader of the numbers needs.
#pragma once

#include <filesystem>
#include <string>

#include "report.hpp"

namespace memorypro::bench {

std::string file_system_of(const std::filesystem::path&);  // "ext4", "tmpfs", or a number in hex
void add_machine(report&, const std::filesystem::path& folder, const std::filesystem::path& redis);

}  // namespace memorypro::bench
