// Catch2 2 (Debian 12) and 3 (Debian 13) under one include.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

namespace Catch::Matchers {

// As 3 calls it.
inline auto ContainsSubstring(const std::string& text) {
    return Contains(text);
}

}  // namespace Catch::Matchers
#endif

#include "support/print.hpp"

// A test names the fields that it is about; the others have their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
