// A file descriptor that is closed at its end.
#pragma once

#include <unistd.h>

#include <utility>

namespace memorypro {

class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int value) : value_(value) {}  // -1: none
    ~descriptor() { reset(); }
    descriptor(descriptor&& other) noexcept : value_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept {
        reset();
        value_ = other.release();
        return *this;
    }

    bool is_open() const { return value_ >= 0; }
    int get() const { return value_; }
    int release() { return std::exchange(value_, -1); }

private:
    void reset() {
        if (value_ >= 0) ::close(value_);
        value_ = -1;
    }

    int value_ = -1;
};

}  // namespace memorypro
