// Keeps something of a coroutine's frame in a list for as long as the frame is there.
#pragma once

#include <list>

namespace memorypro::cloud {

template <class T>
class enlisted {
public:
    enlisted(std::list<T*>& list, T& what) : list_(list), place_(list.insert(list.end(), &what)) {}
    ~enlisted() { list_.erase(place_); }
    enlisted(const enlisted&) = delete;
    enlisted& operator=(const enlisted&) = delete;

private:
    std::list<T*>& list_;
    typename std::list<T*>::iterator place_;
};

}  // namespace memorypro::cloud
