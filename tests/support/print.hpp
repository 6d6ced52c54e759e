// How a failed check shows what it compared.
#pragma once

#include <string>

#include "base/result.hpp"

namespace Catch {

// Of a result<T> and of the cloud's reply<T>.
template <class T, class E>
    requires requires(const E& why) { why.detail; }
struct StringMaker<boost::system::result<T, E>> {
    static std::string convert(const boost::system::result<T, E>& r) {
        return r ? std::string("a value") : "the error: " + r.error().detail;
    }
};

}  // namespace Catch
