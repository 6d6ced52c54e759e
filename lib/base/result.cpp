#include "base/result.hpp"

#include <stdexcept>

namespace memorypro {

void throw_exception_from_error(const error& failure, const boost::source_location&) {
    throw std::logic_error("unchecked error: " + failure.detail);
}

}  // namespace memorypro
