// How a failed check shows what it compared.
#pragma once

#include <string>

#include "base/result.hpp"

namespace Catch {

template <class T>
struct StringMaker<memorypro::result<T>> {
    static std::string convert(const memorypro::result<T>& r) {
        return r ? std::string("a value") : "the error: " + r.error().detail;
    }
};

}  // namespace Catch
