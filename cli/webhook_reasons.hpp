// Why a delivery's signature is not right: pure. All verdicts are verify()'s; what it says of
// slightly other inputs tells the mistakes that people make from a wrong secret.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "webhook/verify.hpp"

namespace memorypro::cli {

// For a delivery that verify() refused: at least one, each about a header.
std::vector<field_error> reasons_against(const webhook::signature_headers&, std::string_view body,
                                         std::span<const std::string> secrets, timestamp now);

}  // namespace memorypro::cli
